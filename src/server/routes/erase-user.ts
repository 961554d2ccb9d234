import { userParamsSchema } from "../api.js";
import type { Route } from "../route.js";

/** `DELETE /users/:id`: 200 with a receipt once the user is erased; again, the same receipt. 404 where nobody knows the id. */
export const eraseUserRoute: Route = (app, serving) => {
  app.delete("/users/:id", { config: { role: "admin" }, schema: { params: userParamsSchema } }, ({ params: { id } }) =>
    serving.erase(id),
  );
};
