const INTERRUPTED = 130;
/** What a command has to end after it was told to, unless it asked for more. */
const STOP_MS = 5_000;
/** Room to close files and databases in. */
const CLOSE_MS = 5_000;

let leave: NodeJS.Timeout | undefined;

/** The first Ctrl-C (or SIGTERM) stops what goes on; the second ends the process at once. */
export function onInterrupts(stop: AbortController): void {
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(INTERRUPTED);
      stop.abort();
      if (leave === undefined) leaveAfter(STOP_MS);
    });
  }
}

/** For a command that is being stopped and answers others meanwhile: they may take so long. */
export function allowForStopping(ms: number): void {
  leaveAfter(ms + CLOSE_MS);
}

function leaveAfter(ms: number): void {
  clearTimeout(leave);
  leave = setTimeout(() => process.exit(INTERRUPTED), ms).unref();
}
