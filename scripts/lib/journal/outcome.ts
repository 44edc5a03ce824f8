// The five ends of a run, as people are told of them; each is an exit code by another name.

export const outcomes = ['good', 'failed', 'unjudged', 'rollback-failed', 'cancelled'] as const

export type Outcome = (typeof outcomes)[number]
