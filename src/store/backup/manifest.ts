import { z } from "zod";

export const BACKUP_FORMAT = 1;
/** The first entry. */
export const BACKUP_MANIFEST = "backup.json";

export const backupManifestSchema = z.object({
  format: z.literal(BACKUP_FORMAT),
  /** Of Refrain. */
  version: z.string(),
  madeAt: z.string(),
  /** Where live data were: PGlite lies in the home and is in the backup; PostgreSQL has backups of its own. */
  live: z.enum(["none", "home", "postgres"]),
  folders: z.array(z.string()),
  files: z.array(z.object({ path: z.string(), bytes: z.number().int(), sha256: z.string() })),
});

export type BackupManifest = z.infer<typeof backupManifestSchema>;
