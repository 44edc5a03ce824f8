// Asks a server every question in every era that it speaks, one after another, and stops when it has stopped answering.
import type {Era} from '../../lib/mcp/protocol.ts'
import {ask, type Bounds} from './asked.ts'
import type {Answered, Question} from './question.ts'
import {questions} from './questions.ts'
import type {Subject} from './subject.ts'

// One question may hang a server for good reasons of its own; after three in a row the next would only wait as well.
const silentAtMost = 3

/** By name of question. One after another: when a server falls, the question that felled it is known. */
export async function askAll(subjects: readonly Subject[], bounds: Bounds): Promise<Record<string, Answered>> {
  const answers: Record<string, Answered> = {}
  let silent = 0
  const counted = async (sending: Parameters<typeof ask>[0]) => {
    bounds.signal.throwIfAborted()
    const asked = await ask(sending, bounds)
    // A head without its end was an answer: the question itself judges it.
    silent = asked.status === undefined ? silent + 1 : 0
    return asked
  }
  for (const question of questions) {
    const answered: Answered = {asked: [], skipped: []}
    answers[question.name] = answered
    for (const subject of askedIn(question, subjects)) {
      const reason = reasonToSkip(question, subject)
      if (reason !== undefined) answered.skipped.push(reason)
      else if (silent >= silentAtMost) answered.unasked = `${silent} requests before it got no answer`
      else {
        const asked = await question.ask(subject, counted)
        answered.asked.push(...asked)
        if (asked.length === 0) answered.unasked = `what it needs could not be made in the ${subject.era} era`
      }
    }
  }
  return answers
}

function askedIn({eras}: Question, subjects: readonly Subject[]): readonly Subject[] {
  return eras === 'first' ? subjects.slice(0, 1) : subjects.filter(({era}) => eras.includes(era))
}

function reasonToSkip({only, skip}: Question, subject: Subject): string | undefined {
  if (only === 'rehearsal' && !subject.isRehearsal) return 'a burden, so it is asked on rehearsals only'
  return skip?.(subject)
}

/** In words, for a question that is asked of another era only. */
export function notSpoken(eras: readonly Era[]): string {
  return `the server does not speak the ${eras.join(' or ')} era`
}
