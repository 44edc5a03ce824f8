// Tells GitHub how a run ended: the deployment, a check a phase, an issue for who is needed, release notes, a comment.
import {relative, resolve} from 'node:path'
import {contactsOf} from './lib/fleet/contactsOf.ts'
import {gitHubPlace} from './lib/fleet/place.ts'
import {serverLines} from './lib/fleet/serverLines.ts'
import {conclude} from './lib/github/announce.ts'
import {openGitHub} from './lib/github/github.ts'
import {fact} from './lib/journal/facts.ts'
import {type FinalState, finalState, withoutTellers} from './lib/journal/finalState.ts'
import {reportUntold, tell, tellOnce} from './lib/notify/told.ts'
import {tellingStep} from './lib/step/tellingStep.ts'
import {gitHubChecks} from './reporters/github/gitHubChecks.ts'
import {contractComment, notWell, releaseNotes, rollbackFailed, wellAgain} from './reporters/github/gitHubTexts.ts'

await tellingStep({name: '92-github', tells: 'GitHub'}, async context => {
  const {flags, redact, signal} = context
  const seen = redact(withoutTellers(context.entries()))
  const state = finalState(seen)
  const place = gitHubPlace(process.env)
  if ('why' in place || state === undefined) {
    reportUntold(context, 'GitHub', 'how the run ended', 'why' in place ? place.why : 'its journal has no beginning')
    return
  }
  if (!state.isNews && state.purpose === 'resume') return
  const github = await openGitHub(place, {signal})
  const told = (what: string, act: () => Promise<unknown>) => tell(context, 'GitHub', what, act)

  // What a person waits for comes first: when GitHub is slow, the rest is what is left out.
  if (state.purpose !== 'watch') await conclude(github, context, state, liveUrl())
  if (state.outcome === 'rollback-failed') {
    const issue = rollbackFailed(seen, state, contactsOf(flags.fleetPath))
    await told('that a person is needed', () => github.putIssue(issue))
  }
  if (state.purpose === 'watch') await tellWatch(state)
  // A watch judges live and no commit.
  const checks =
    state.purpose === 'watch'
      ? []
      : gitHubChecks(seen, {fleetFile: fleetFile(), serverLines: serverLines(flags.fleetPath)})
  for (const check of checks)
    await tellOnce(context, 'GitHub', `the check ${check.name}`, () => github.createCheck(check))
  const {pullRequest} = place
  if (pullRequest !== undefined) {
    const {isChange, ...comment} = contractComment(seen, state)
    await told('which contracts changed', () => github.putComment(pullRequest, comment, isChange))
  }
  if (state.purpose === 'deploy' && state.outcome === 'good')
    await told('the release notes', () => github.putRelease(releaseNotes(seen, state)))

  async function tellWatch(watched: FinalState) {
    // What was cancelled says nothing about live, neither good nor bad.
    if (watched.outcome === 'cancelled') return
    const {marker, word} = wellAgain(watched)
    if (watched.outcome === 'good') await told('that live is well', () => github.closeIssue(marker, word))
    else await told('that live is not well', () => github.putIssue(notWell(seen, watched)))
  }

  function liveUrl(): string | undefined {
    const instance = fact<{name?: unknown; url?: unknown}>(seen, 'instance')
    return instance?.name === 'live' && typeof instance.url === 'string' ? instance.url : undefined
  }

  function fleetFile(): string | undefined {
    const path = relative(process.env.GITHUB_WORKSPACE ?? process.cwd(), resolve(flags.fleetPath))
    return path.startsWith('..') ? undefined : path.replaceAll('\\', '/')
  }
})
