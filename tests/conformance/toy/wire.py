from customers.api.dialect import Dialect


class Toy(Dialect):
    name = "toy"
    title = "Toy"
    prefixes = ("/toy",)

    def error_body(self, problem):
        return {"oops": self.message(problem)}


dialect = Toy()
