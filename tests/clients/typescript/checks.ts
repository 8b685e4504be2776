// What the life cycles share: arguments, and checks of answers.

interface Result<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

export const [baseUrl = "", key = "", store = ""] = process.argv.slice(2);

/** Return the body of an answer that succeeded. */
export function ok<Data>(result: Result<Data>, status = 200): NonNullable<Data> {
  if (result.response.status !== status || result.data === undefined || result.data === null) {
    throw new Error(`${result.response.status}: ${JSON.stringify(result.error)}`);
  }
  return result.data;
}

/** Return the body of an answer that was refused. */
export function refused<Data, Refusal>(
  result: { data?: Data; error?: Refusal; response: Response },
  status: number,
): NonNullable<Refusal> {
  if (result.response.status !== status || result.error === undefined || result.error === null) {
    throw new Error(`${result.response.status} instead of ${status}`);
  }
  return result.error;
}

export function etag(result: { response: Response }): string {
  const tag = result.response.headers.get("ETag");
  if (tag === null) throw new Error("no ETag");
  return tag;
}

export function same<Value>(seen: Value, wanted: Value): void {
  if (JSON.stringify(seen) !== JSON.stringify(wanted)) {
    throw new Error(`${JSON.stringify(seen)} instead of ${JSON.stringify(wanted)}`);
  }
}
