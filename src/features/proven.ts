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
