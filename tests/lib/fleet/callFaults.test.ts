// What a declared call expects can be compared, and what it uses was kept before: both are told when the file is checked.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {fleetOf, fleetText, messageOf} from './readText.ts'

const call = (text: string) => fleetText({server: ['calls:', `  - {tool: find, ${text}}`]})

const cases: {name: string; text: string; message: RegExp}[] = [
  {
    name: 'a JSONPath in match that is none',
    text: call("expect: {match: {'$.a[': {exists: true}}}"),
    message:
      /^fleet\.yaml:7:39 servers\.memory\.calls\.0\.expect\.match\.\$\.a\[: should be a JSONPath, got \$\.a\[: unexpected end of input\n {2}→ RFC 9535, such as/,
  },
  {
    name: 'a JSONPath that does not begin with $',
    text: call('expect: {match: {a.b: {exists: true}}}'),
    message:
      /^fleet\.yaml:7:39 servers\.memory\.calls\.0\.expect\.match\.a\.b: the name "a\.b" should be a JSONPath, which begins with \$\none fault/,
  },
  {
    name: 'a JSONPath of a cost that is none',
    text: call("expect: {cost: {path: '$..', atMost: 1}}"),
    message: /^fleet\.yaml:7:38 servers\.memory\.calls\.0\.expect\.cost\.path: should be a JSONPath, got \$\.\.: /,
  },
  {
    name: 'a JSONPath to keep that is none',
    text: call("keep: {id: '$[a]'}"),
    message:
      /^fleet\.yaml:7:29 servers\.memory\.calls\.0\.keep\.id: should be a JSONPath, got \$\[a\]: unexpected "a"\n/,
  },
  {
    name: 'a regular expression that is none',
    text: call("expect: {match: {'$.a': {matches: '(a'}}}"),
    message:
      /^fleet\.yaml:7:47 servers\.memory\.calls\.0\.expect\.match\.\$\.a\.matches: should be a regular expression, got \(a: Invalid regular expression: .*Unterminated group\n/,
  },
  {
    name: 'a JSON Schema that is none',
    text: call('expect: {schema: {type: objekt}}'),
    message: /^fleet\.yaml:7:31 servers\.memory\.calls\.0\.expect\.schema: should be a JSON Schema: .*type/,
  },
  {
    name: 'a kept value that no earlier call keeps',
    text: call("arguments: {id: '{kept.id}'}, keep: {id: '$.content'}"),
    message:
      /^fleet\.yaml:7:22 servers\.memory\.calls\.0\.arguments: uses \{kept\.id\}, which no earlier call of this server keeps\n {2}→ add keep: \{id: '\$…'\} to an earlier call\n/,
  },
  {
    name: 'two calls of one name',
    text: fleetText({server: ['calls:', '  - {tool: find}', '  - {tool: other, name: Find!}']}),
    message:
      /^fleet\.yaml:8:9 servers\.memory\.calls\.1: has the name of an earlier call: find\n {2}→ give it a name of its own; it is the id of its check\n/,
  },
  {
    name: 'a probe with a pattern that is none',
    text: fleetText({server: ["probe: {tool: find, expect: {match: {'$.a': {matches: '['}}}}"]}),
    message: /^fleet\.yaml:6:50 servers\.memory\.probe\.expect\.match\.\$\.a\.matches: should be a regular expression/,
  },
  {
    name: 'the same in what an environment sets differently',
    text: fleetText().replace('8700}}', "8700}, servers: {memory: {calls: [{tool: x, keep: {a: '$['}}]}}}"),
    message:
      /^fleet\.yaml:7:\d+ environments\.staging\.servers\.memory\.calls\.0\.keep\.a: should be a JSONPath, got \$\[: /,
  },
  {
    name: 'a JSONPath of a counter that is none',
    text: fleetText({server: ["counter: {tool: add, arguments: {}, first: '$[', read: {tool: list, ids: '$.'}}"]}),
    message:
      /^fleet\.yaml:6:\d+ servers\.memory\.counter\.read\.ids: should be a JSONPath, got \$\.: [^\n]*\n[^\n]*\nfleet\.yaml:6:\d+ servers\.memory\.counter\.first: should be a JSONPath/,
  },
  {
    name: 'a text to look for that is in every text',
    text: call("expect: {text: ''}"),
    message: /expect\.text: should have at least 1 character, got ""\n/,
  },
]

for (const {name, text, message} of cases) {
  test(`refuses ${name}`, t => {
    assert.match(messageOf(t, text), message)
  })
}

test('takes paths, patterns and schemas that can be used, and what an earlier call keeps', t => {
  const fleet = fleetOf(
    t,
    fleetText({
      server: [
        'calls:',
        "  - {tool: find, keep: {id: '$.structuredContent.hits[0].id'}, expect: {schema: {type: object}}}",
        "  - {tool: read, arguments: {id: '{kept.id}'}, expect: {match: {'$..name': {matches: '^[a-z]+$'}}}}",
      ],
    }),
  )
  assert.deepEqual(
    fleet.servers[0]?.calls.map(({tool}) => tool),
    ['find', 'read'],
  )
})
