import { validatorCompiler } from "fastify-type-provider-zod";

type Checked = { readonly value: unknown } | { readonly error: Error };

/**
 * A `validatorCompiler` that lets bodies pass which `isPlain` knows to be as their schema wants them, and asks the schema about all
 * others: Zod takes longer over a body of a hundred numbers than scoring it does.
 */
export function plainFirst(isPlain: (body: unknown) => boolean) {
  return (route: { readonly schema: unknown }): ((body: unknown) => Checked) => {
    const check = validatorCompiler(route as never) as (body: unknown) => Checked;
    return (body) => (isPlain(body) ? { value: body } : check(body));
  };
}

/** A `serializerCompiler` for answers that our own code makes field by field, so that their type is enough. */
export const asTyped = () => (answer: unknown) => JSON.stringify(answer);
