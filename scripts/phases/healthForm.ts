// Whether the health answers of all servers have one form (row A2), so that one dashboard can read them all.
import type {HealthAnswer} from './healthAnswer.ts'
import type {Check} from './phase.ts'

export function judgeSameForm(answers: Readonly<Record<string, HealthAnswer>>): Check {
  const name = 'same-form'
  const forms = Map.groupBy(Object.entries(answers), ([, answer]) =>
    answer.json ? keysOf(answer).join(', ') : `no JSON (${answer.status ?? answer.transport})`,
  )
  const evidence = [...forms]
    .map(([form, servers]) => `${servers.map(([server]) => server).join(', ')}: ${form}`)
    .join('\n')
  const numbers = {value: forms.size, limit: 1, unit: 'forms', evidence}
  if (forms.size === 1 && Object.values(answers).every(answer => answer.json)) {
    return {
      name,
      verdict: 'pass',
      detail: `${Object.keys(answers).length} servers answer with the same keys`,
      ...numbers,
    }
  }
  return {
    name,
    verdict: 'fail',
    detail: `${forms.size} forms of health answer across ${Object.keys(answers).length} servers`,
    remedy: 'one form is needed to watch them together',
    ...numbers,
  }
}

// A value may be null or an object from one server to the next; the keys are the form.
function keysOf({form}: HealthAnswer): string[] {
  return form.map(entry => entry.split(':')[0] ?? '')
}
