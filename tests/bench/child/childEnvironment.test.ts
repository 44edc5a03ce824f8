// Proves what a measured program sees of the environment of the bench.
import assert from 'node:assert/strict'
import {test} from 'node:test'
import {childEnvironment} from '../../../bench/child/childEnvironment.ts'

const cases: [string, Record<string, string | undefined>, Record<string, string>][] = [
  [
    'the user, as it is',
    {HOME: '/home/a', LANG: 'C', NODE_EXTRA_CA_CERTS: '/ca'},
    {HOME: '/home/a', LANG: 'C', NODE_EXTRA_CA_CERTS: '/ca'},
  ],
  [
    'nothing of the package manager',
    {npm_config_registry: 'x', NPM_CONFIG_X: 'x', pnpm_config_x: 'x', INIT_CWD: '/', NODE: '/n'},
    {},
  ],
  ['nothing that changes how Node runs', {NODE_OPTIONS: '--x', NODE_COMPILE_CACHE: '/c', FORCE_COLOR: '1'}, {}],
  [
    'nothing of a job',
    {CI: 'true', GITHUB_STEP_SUMMARY: '/s', SEAWORTHY_FLEET: 'other.yaml', CIRCLE: 'stays'},
    {CIRCLE: 'stays'},
  ],
  ['no variable that is not set', {HOME: undefined}, {}],
]

for (const [what, given, expected] of cases)
  test(what, () => {
    assert.deepEqual(childEnvironment({...given, PATH: '/usr/bin'}, {}), {...expected, PATH: '/usr/bin'})
  })

test('folders of installed packages are taken off PATH', () => {
  const PATH = '/a/node_modules/.bin:/usr/bin:/b/node_modules/npm/bin:/bin'
  assert.equal(childEnvironment({PATH}, {}).PATH, '/usr/bin:/bin')
})

test('what is given besides wins', () => {
  const seen = childEnvironment(
    {XDG_STATE_HOME: '/user', npm_config_cache: '/user'},
    {XDG_STATE_HOME: '/t', npm_config_cache: '/t'},
  )
  assert.deepEqual(seen, {PATH: '', XDG_STATE_HOME: '/t', npm_config_cache: '/t'})
})
