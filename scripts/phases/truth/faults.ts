// The ways in which a server is broken on purpose, and what each is called.

/** A fault that is done to a copy that runs and is healthy, and taken back where it can be. */
export interface RunningFault {
  name: string
  told: string
  /** Whom it is done to: the program, what the program started, or both. */
  to: 'program' | 'child' | 'all'
  by: 'halt' | 'kill' | 'full-disk'
}

/** In an order in which the next one finds a healthy copy, where the server recovers at all. */
export const runningFaults: readonly RunningFault[] = [
  {name: 'halted', told: 'all its processes stood still (SIGSTOP)', to: 'all', by: 'halt'},
  {name: 'child-halted', told: 'the server behind its bridge stood still (SIGSTOP)', to: 'child', by: 'halt'},
  {name: 'disk-full', told: 'no file of it could grow any more', to: 'all', by: 'full-disk'},
  {name: 'killed', told: 'its program was killed', to: 'program', by: 'kill'},
  {name: 'child-killed', told: 'the server behind its bridge was killed', to: 'child', by: 'kill'},
]

/** A fault with which a copy starts. */
export interface StartFault {
  name: string
  told: string
}

export const secretMissing: StartFault = {name: 'secret-missing', told: 'it was started without'}
export const dependencySilent: StartFault = {name: 'dependency-silent', told: 'nothing ever answered it at'}
export const portTaken: StartFault = {
  name: 'port-taken',
  told: 'another program answered HTTP 200 to everything on its port',
}
