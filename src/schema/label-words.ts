/** What a sentence needs to speak of a label's event. */
export interface LabelWords {
  /** "users who …" */
  readonly verb: string;
  /** "a user who …" */
  readonly third: string;
  /** "users who … last week" */
  readonly past: string;
  /** "the odds of …" */
  readonly doing: string;
  readonly noun: string;
  readonly nouns: string;
}

export const LABEL_WORDS = {
  cancellation: {
    verb: "cancel",
    third: "cancels",
    past: "cancelled",
    doing: "cancelling",
    noun: "cancellation",
    nouns: "cancellations",
  },
  downgrade: {
    verb: "downgrade",
    third: "downgrades",
    past: "downgraded",
    doing: "downgrading",
    noun: "downgrade",
    nouns: "downgrades",
  },
  inactivity: {
    verb: "go silent",
    third: "goes silent",
    past: "went silent",
    doing: "going silent",
    noun: "silence",
    nouns: "silences",
  },
} as const satisfies Record<string, LabelWords>;

export type LabelName = keyof typeof LABEL_WORDS;

/** For a label of a table, of which only the name is known. */
const ANY: LabelWords = {
  verb: "churn",
  third: "churns",
  past: "churned",
  doing: "churning",
  noun: "churn",
  nouns: "churns",
};

export function isLabelName(name: string): name is LabelName {
  return Object.hasOwn(LABEL_WORDS, name);
}

export function labelWords(name: string): LabelWords {
  return isLabelName(name) ? LABEL_WORDS[name] : ANY;
}
