// Turns what npm says when it fails into a sentence that names the package and the next thing to do.
import {UserError} from '../errors/userError.ts'
import type {Outcome} from './npm.ts'
import {packageOfIntegrity} from './packageLock.ts'
import type {PackageSpec} from './packageSpec.ts'

interface NpmFailure {
  spec: PackageSpec
  outcome: Outcome
  /** Text of the lock, where there is one already: tells which package an integrity belongs to. */
  lock?: string
  deadlineMs: number
}

/** Expects an outcome that is no success. */
export function npmError({spec, outcome, lock = '', deadlineMs}: NpmFailure): UserError {
  const asked = `${spec.place}: ${spec.name}@${spec.version}`
  if (outcome.ended === 'deadline') {
    return new UserError(
      `${asked}: npm should end within ${deadlineMs / 1000} s, the deadline passed`,
      'see whether the registry answers: npm ping',
    )
  }
  const {code, summary} = reported(outcome)
  if (code === 'EINTEGRITY') return integrityError(asked, summary, lock)
  if (code === 'E404' || code === 'ETARGET') {
    return new UserError(
      `${asked}: the registry should have this package and all that it needs, npm says: ${summary}`,
      `write a name and version that exist: npm view ${spec.name} versions`,
    )
  }
  if (code === 'ENOSPC') {
    return new UserError(`${asked}: the disk is full, npm says: ${summary}`, 'make room, then run it again')
  }
  if (unreachable.has(code)) {
    return new UserError(
      `${asked}: the registry should answer, npm says: ${summary}`,
      'see whether it can be reached: npm ping',
    )
  }
  return new UserError(`${asked}: npm ended with exit code ${outcome.exitCode}: ${[code, summary].join(' ').trim()}`)
}

const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'ERR_SOCKET_TIMEOUT'])

function integrityError(asked: string, summary: string, lock: string): UserError {
  const [, expected = '', got = ''] = /wanted (\S+) but got (\S+?)\.?(?:\s|$)/.exec(summary) ?? []
  const changed = (expected === '' ? undefined : packageOfIntegrity(lock, expected)) ?? 'a package below it'
  const said = expected === '' ? summary : `it should have ${expected}, the registry gave ${got}`
  return new UserError(
    `${asked}: ${changed} is not what was locked: ${said}`,
    'find out why the tarball changed; only if that is right: pnpm fleet:lock --refresh',
  )
}

// With --json npm prints the error as JSON, after whatever else it had to print.
function reported({stdout, stderr}: Outcome): {code: string; summary: string} {
  const begin = stdout.search(/^\{\s*"error"/m)
  try {
    const {error} = JSON.parse(stdout.slice(begin)) as {error: {code?: string; summary?: string}}
    return {code: error.code ?? '', summary: (error.summary ?? '').trim()}
  } catch {
    // npm ended before it could say it as JSON.
    return {code: '', summary: (stderr.trim() || stdout.trim()).slice(-600)}
  }
}
