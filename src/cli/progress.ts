import ora, { type Ora } from "ora";
import type { Log } from "../base/world.js";

/** Words about what is going on, on stderr: a spinner on a terminal, plain lines otherwise. */
export class Progress implements Log {
  private readonly quiet: boolean;
  private readonly verbose: boolean;
  private readonly spinner: Ora | null;

  constructor({ quiet, verbose, interactive }: { quiet: boolean; verbose: boolean; interactive: boolean }) {
    this.quiet = quiet;
    this.verbose = verbose;
    this.spinner = interactive && !quiet ? ora({ stream: process.stderr }) : null;
  }

  debug(message: string): void {
    if (this.verbose) this.line(message);
  }

  info(message: string): void {
    if (this.quiet) return;
    if (this.spinner === null) this.line(message);
    else if (this.spinner.isSpinning) this.spinner.text = message;
    else this.spinner.start(message);
  }

  warn(message: string): void {
    this.line(`Note: ${message}`);
  }

  /** Takes the spinner off the terminal before an answer is printed. */
  done(): void {
    this.spinner?.stop();
  }

  private line(message: string): void {
    const spinning = this.spinner?.isSpinning === true;
    if (spinning) this.spinner?.stop();
    process.stderr.write(`${message}\n`);
    if (spinning) this.spinner?.start();
  }
}
