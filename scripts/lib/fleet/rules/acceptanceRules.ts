// Rules about what is accepted: it names what there is, and it ends.
import {checkNames, isCheck} from '../checkNames.ts'
import {type Rule, unknownName} from './rule.ts'

export const acceptanceRules: Rule[] = [
  (fleet, {phases}) =>
    fleet.accept.flatMap(({check}, index) => {
      const phase = check.split('/')[0] ?? ''
      if (!phases.includes(phase)) return [unknownName(['accept', index, 'check'], phase, phases, 'phase')]
      const known = (checkNames[phase] ?? []).map(name => `${phase}/${name}`)
      return isCheck(check) ? [] : [unknownName(['accept', index, 'check'], check, known, 'check')]
    }),
  (fleet, _, {servers}) =>
    fleet.accept.flatMap(({server}, index) =>
      server === undefined || servers.includes(server)
        ? []
        : [unknownName(['accept', index, 'server'], server, servers, 'server')],
    ),
  (fleet, _, names) =>
    fleet.accept.flatMap(({environments = []}, index) =>
      environments.flatMap((name, position) =>
        names.environments.includes(name)
          ? []
          : [unknownName(['accept', index, 'environments', position], name, names.environments, 'environment')],
      ),
    ),
  (fleet, {today}) =>
    fleet.accept.flatMap(({until, check}, index) =>
      until >= today
        ? []
        : [
            {
              path: ['accept', index, 'until'],
              message: `ended on ${until}, today is ${today}`,
              remedy: `fix what ${check} finds, or decide again how long it may stay`,
            },
          ],
    ),
]
