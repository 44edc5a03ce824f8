import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {join} from 'node:path'
import {test} from 'node:test'
import {parseEnv} from 'node:util'
import {parseEnvFile} from '../../../scripts/lib/fleet/parseEnvFile.ts'
import {readVariables} from '../../../scripts/lib/fleet/variables.ts'
import {temporaryFolder} from '../temporaryFolder.ts'

const parse = (text: string) => parseEnvFile(text, '.env.staging')

test('B1 a # inside a value is kept, and one between blanks begins a comment', () => {
  const text = [
    '# A comment, and # more of it',
    'TOKEN=abc#def',
    'URL=postgres://user@host/db#fragment',
    'FIRST=#kept',
    'PORT=80 # a comment',
    'TABBED=80\t#\ta comment',
    'NOTHING= # only a comment',
    'RULER=x ## a comment',
    "QUOTED='a #b' # a comment",
    'export EXPORTED = "a # b"',
    'EMPTY=',
  ].join('\n')
  assert.deepEqual(parse(text), {
    TOKEN: 'abc#def',
    URL: 'postgres://user@host/db#fragment',
    FIRST: '#kept',
    PORT: '80',
    TABBED: '80',
    NOTHING: '',
    RULER: 'x',
    QUOTED: 'a #b',
    EXPORTED: 'a # b',
    EMPTY: '',
  })
})

test('B1 what two tools would read differently is a fault with its line, without the value', () => {
  const text = ['A=one #two-secret', 'B="open secret', 'C=1', 'no entry', '1D=x', `E='a'b-secret`, 'C=2'].join('\n')
  assert.throws(
    () => parse(text),
    ({name, message, remedy}: Error & {remedy: string}) => {
      assert.equal(name, 'UserError')
      assert.deepEqual(message.split('\n'), [
        '.env.staging:1: A has a # behind a blank, which may begin a comment or belong to the value: put the value in quotes, or a blank behind the #',
        '.env.staging:2: B begins with " and that quote is never closed',
        '.env.staging:4: should be NAME=value, a comment or empty, and is none of them',
        '.env.staging:5: should begin with a variable name such as API_KEY',
        ".env.staging:6: E goes on behind its closing ': use another kind of quote around the value",
        '.env.staging:7: C has another value in line 3: keep one of them',
      ])
      assert.match(remedy, /docs\/env-files\.md/)
      return true
    },
  )
})

test("B1 everything else is read as Node's own reader reads it", () => {
  const text = [
    '\uFEFFBOM=1\r\nCRLF=two words \r\n',
    '  SPACED  =  padded  ',
    'KEY="-----BEGIN KEY-----\nline two\n-----END KEY-----"',
    'ESCAPED="one\\ntwo\\t"',
    "SINGLE='one\\ntwo $HOME'",
    'BACK=`both \' and "`',
    'DOLLAR=$HOME/$(id)${X}',
    "APOSTROPHE=it's",
    'EQUALS=a=b==',
    'EMOJI=⚓',
    'SAME=1',
    'SAME=1',
  ].join('\n')
  const ours = parse(text)
  // Node's reader takes the mark at the beginning of a file for a part of the first name.
  assert.deepEqual(ours, {...parseEnv(text.slice(1))})
  assert.equal(Object.keys(ours).length, 12)
})

test('B1 a shell that sources the file sees the same # in a value', () => {
  const text = 'TOKEN=abc#def\nPORT=80 # a comment\n'
  const seen = execFileSync('sh', ['-c', `${text}printf '%s|%s' "$TOKEN" "$PORT"`], {encoding: 'utf8'})
  assert.deepEqual(seen.split('|'), Object.values(parse(text)))
})

test('B1 an environment without a file has none of its variables; one that cannot be read is a fault', test => {
  const folder = temporaryFolder(test, {'.env.staging': 'A=file#1\nB=file', '.env.broken/file': ''})
  assert.deepEqual(readVariables(folder, 'staging', {B: 'exported'}), {A: 'file#1', B: 'exported'})
  assert.deepEqual(readVariables(folder, 'production', {B: 'exported'}), {B: 'exported'})
  assert.throws(() => readVariables(folder, 'broken', {}), {
    name: 'UserError',
    message: `${join(folder, '.env.broken')}: should be a file with variables, it cannot be read: EISDIR`,
  })
})
