/**
 * Features of the kinds that carry signal in the published rates of the public logs: how often a user comes and how long ago, the
 * plan, adverts, thumbs and downgrade visits (a share of these visits ends in a cancellation). There, friends, playlists, help,
 * errors, about, gender and song length carry next to nothing. Which of each kind, was chosen on simulated worlds (ADR 4). Where
 * churned users are few, a model that looks at these alone has less noise to fit; with more, tuning may choose all.
 */
export const PROVEN: readonly string[] = [
  "log_sessions_per_day",
  "silence_against_usual",
  "usual_pause_days",
  "sessions_28d",
  "active_days_28d",
  "hours_28d",
  "log_events",
  "is_paid",
  "ever_paid",
  "paid_song_share",
  "log_adverts_per_free_song",
  "adverts_28d",
  "adverts_per_paid_song",
  "downgrade_visits_per_paid_song",
  "downgrade_visits_28d",
  "thumbs_up_per_song",
  "log_thumbs_down_per_song",
  "thumbs_down_28d",
  "thumbs_up_share",
];

/**
 * What is left to say once the kind of a user is known (`models/kinds.ts`): how often he comes, how long he has been silent for
 * someone who comes as often, the plan, how much is known of him, and how pleased he is, over all and lately. On simulated worlds
 * of constant listeners every further feature cost more in noise than it brought; the last two cost nothing there, and are needed
 * where moods change (ADR 4).
 */
export const CORE: readonly string[] = [
  "log_sessions_per_day",
  "silence_against_usual",
  "is_paid",
  "log_events",
  "thumbs_up_share",
  "thumbs_up_share_28d",
];

/**
 * Counts that tell kinds of users apart, each with its chances. In the public logs users fall into a few kinds by how often,
 * per song, they meet adverts, give thumbs and look at the exit of their plan; friends, playlists, help and errors hardly vary.
 */
export const SIGNALS: readonly { readonly name: string; readonly exposure: string }[] = [
  { name: "adverts_while_free", exposure: "songs_while_free" },
  { name: "thumbs_up_while_free", exposure: "songs_while_free" },
  { name: "thumbs_down_while_free", exposure: "songs_while_free" },
  { name: "upgrade_visits_while_free", exposure: "songs_while_free" },
  { name: "adverts_while_paid", exposure: "songs_while_paid" },
  { name: "thumbs_up_while_paid", exposure: "songs_while_paid" },
  { name: "thumbs_down_while_paid", exposure: "songs_while_paid" },
  { name: "downgrade_visits_while_paid", exposure: "songs_while_paid" },
];
