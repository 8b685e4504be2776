from customers.api.dialect import Dialect


class Toy(Dialect):
    name = "toy"
    title = "Toy"
    prefixes = ("/toy",)
    sample = "/toy/people"
    customer_path = "/toy/people/{customer.uid}"

    def error_body(self, problem):
        return {"oops": self.problem_message(problem)}


dialect = Toy()
