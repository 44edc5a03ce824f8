// Adds up what became of the sessions of one population.
import type {Fate} from './legacySession.ts'
import type {SessionsSeen} from './seen.ts'

export function sessionsSeen(fates: readonly Fate[]): SessionsSeen {
  const opened = fates.filter(fate => fate.state !== 'never-opened')
  const count = (state: Fate['state']) => opened.filter(fate => fate.state === state).length
  return {
    opened: opened.length,
    same: count('same'),
    renewed: count('renewed'),
    stranded: count('stranded'),
    ended: opened.reduce((sum, fate) => sum + fate.ended, 0),
    notRenewed: opened.reduce((sum, fate) => sum + fate.notRenewed, 0),
    sessionless: opened.length > 0 && opened.every(fate => fate.sessionless),
  }
}
