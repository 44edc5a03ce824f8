// A command as data: what a target wants done, for the executor to run or for a script to be written from.

export interface Command {
  /** The words; no shell reads them. */
  argv: string[]
  /** One sentence part for people: "start memory". */
  why: string
  /** Looks, but changes nothing. */
  readOnly: boolean
  deadlineMs: number
  /** Ends what an earlier command began, so that it runs also when the run was cancelled or lost its lock meanwhile. */
  always?: boolean
  /** Set for a process that goes on after the command that started it. */
  background?: Background
}

export interface Background {
  /** Working folder of the process. */
  folder: string
  /** Its whole environment, but for secrets. */
  environment: Record<string, string>
  /** Secrets it gets as variables; only names are ever written down. */
  secrets: string[]
  /** Those of them that it can do without. */
  optionalSecrets?: string[]
}
