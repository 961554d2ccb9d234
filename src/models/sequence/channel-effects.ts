import { type SequenceState, sequenceMargin } from "./sequence.js";

export interface ChannelEffects {
  readonly base: number;
  readonly effects: Float64Array;
  readonly values: Float64Array;
}

/**
 * What each channel of a sequence adds to the log-odds, against the same days of somebody who is average in every channel. Channels are
 * made known one after the other, in their order and in the reverse, and what each adds is averaged: with `base` the effects add up
 * to the margin, and where channels act at most in pairs they are Shapley values. A channel's effect stands at its column of the
 * latest step, and there, among the values, the mean over its steps.
 *
 * @param row of `inputs` values, NaN for missing
 */
export function channelEffects(state: SequenceState, row: Float64Array): ChannelEffects {
  const { channels, steps } = state.shape;
  const orders = [
    Array.from({ length: channels }, (_, j) => j),
    Array.from({ length: channels }, (_, j) => channels - 1 - j),
  ];
  const average = averaged(state, row);
  const rows = orders.flatMap((order) => {
    const seen = average.slice();
    const grown = order.map((channel) => {
      for (const column of columnsOf(state, channel)) seen[column] = row[column] ?? Number.NaN;
      return seen.slice();
    });
    return [average, ...grown];
  });
  const data = new Float64Array(rows.length * row.length);
  rows.forEach((one, i) => {
    data.set(one, i * row.length);
  });
  const margins = sequenceMargin(state, { rows: rows.length, cols: row.length, data });
  const effects = new Float64Array(row.length);
  orders.forEach((order, o) => {
    const first = o * (channels + 1);
    order.forEach((channel, k) => {
      const column = state.columns[(steps - 1) * channels + channel] ?? 0;
      const added = (margins[first + k + 1] ?? 0) - (margins[first + k] ?? 0);
      effects[column] = (effects[column] ?? 0) + added / orders.length;
    });
  });
  return { base: margins[0] ?? Number.NaN, effects, values: withMeans(state, row) };
}

function withMeans(state: SequenceState, row: Float64Array): Float64Array {
  const { channels, steps } = state.shape;
  const values = row.slice();
  for (let channel = 0; channel < channels; channel++) {
    const present = columnsOf(state, channel).flatMap((column) => {
      const value = row[column] ?? Number.NaN;
      return Number.isNaN(value) ? [] : [value];
    });
    const latest = state.columns[(steps - 1) * channels + channel] ?? 0;
    values[latest] = present.reduce(
      (sum, value) => sum + value / present.length,
      present.length === 0 ? Number.NaN : 0,
    );
  }
  return values;
}

function columnsOf({ columns, shape }: SequenceState, channel: number): number[] {
  return columns.filter((_, at) => at % shape.channels === channel);
}

/** The row with every value at its channel's mean; steps without any value stay without. */
function averaged({ columns, shape, mean }: SequenceState, row: Float64Array): Float64Array {
  const out = row.slice();
  for (let step = 0; step < shape.steps; step++) {
    const own = columns.slice(step * shape.channels, (step + 1) * shape.channels);
    if (own.every((column) => Number.isNaN(row[column] ?? Number.NaN))) continue;
    own.forEach((column, channel) => {
      out[column] = mean[channel] ?? Number.NaN;
    });
  }
  return out;
}
