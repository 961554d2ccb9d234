import { z } from "zod";

const whole = z.number().int();
const list = <T extends z.ZodType>(entry: T) => z.array(entry);
/** XGBoost writes settings as text. */
const count = z.union([z.string().regex(/^\d{1,10}$/), whole.min(0)]).transform(Number);

const treeSchema = z.object({
  left_children: list(whole),
  right_children: list(whole),
  split_indices: list(whole),
  split_conditions: list(z.number()),
  default_left: list(z.union([whole, z.boolean()])),
  sum_hessian: list(z.number()),
  loss_changes: list(z.number()),
  split_type: list(whole).optional(),
  categories: list(whole).optional(),
  tree_param: z.object({ num_nodes: count, num_deleted: count.default(0), size_leaf_vector: count.optional() }),
});

/**
 * What is read of the public XGBoost model file, versions 2 and 3 (doc/model.schema of its repository); what is left out
 * does not change predictions.
 */
export const xgboostFileSchema = z.object({
  version: list(whole).min(1),
  learner: z.object({
    feature_names: list(z.string()).default([]),
    gradient_booster: z.object({
      name: z.literal("gbtree"),
      model: z.object({
        gbtree_model_param: z.object({ num_trees: count }),
        tree_info: list(whole),
        trees: list(treeSchema),
        /** Names of categories, from version 3.1 on. */
        cats: z.object({ enc: list(z.unknown()) }).optional(),
      }),
    }),
    learner_model_param: z.object({
      base_score: z.union([z.string(), z.number()]),
      num_class: count.default(0),
      num_feature: count,
      num_target: count.default(1),
    }),
    objective: z.object({ name: z.string() }),
  }),
});

export type XgboostFile = z.infer<typeof xgboostFileSchema>;
export type XgboostTree = z.infer<typeof treeSchema>;

/** The split_indices of a node that was pruned away and left in its place. */
export const DELETED_NODE = 2_147_483_647;
