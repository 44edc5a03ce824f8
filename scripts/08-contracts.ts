// Writes the contract of every server beside the fleet file, from what this run saw or from the rehearsal that it has.

import {type Contract, contractDigest} from './lib/contract/contract.ts'
import {contractDifferences} from './lib/contract/contractDifferences.ts'
import {contractPath, contractText, readContract} from './lib/contract/contractFile.ts'
import {countText, differenceLine} from './lib/contract/differenceLines.ts'
import {UserError} from './lib/errors/userError.ts'
import {checkoutMode, writeAtomically} from './lib/files/writeAtomically.ts'
import {chosenServers, currentInstance} from './lib/instance/currentInstance.ts'
import {observedContracts} from './lib/records/recordContracts.ts'
import {shortDigest} from './lib/release/release.ts'
import {step} from './lib/step/step.ts'
import {faultOf, seePlace} from './phases/contractSeen.ts'
import {phaseNames} from './phases/index.ts'
import {trustAuthority} from './phases/trustAuthority.ts'
import {targetNames} from './targets/index.ts'

const shownAtMost = 20

await step({name: '08-contracts', targets: targetNames, phases: phaseNames}, async context => {
  const {fleet, entries, flags, redact, record, say, signal} = context
  const wanted = fleet.servers.filter(
    ({name, client}) => client.enabled && (flags.servers.length === 0 || flags.servers.includes(name)),
  )
  const names = wanted.map(({name}) => name)
  const seen = observedContracts(entries(), names)
  const missing = names.filter(name => !seen.some(({server}) => server === name))
  const contracts = missing.length === 0 ? seen : [...seen, ...(await observe(missing))]
  for (const contract of contracts) write(contract)
  return undefined

  async function observe(servers: readonly string[]): Promise<Contract[]> {
    const instance = await currentInstance(entries(), context)
    trustAuthority(instance.ingress)
    const asking = {instance, secrets: context.secrets(instance.name), signal}
    const places = await Promise.all(
      chosenServers(instance, [...servers]).map(async server => {
        const place = await seePlace(asking, server, server.endpoint)
        return {server: server.name, fault: faultOf(place), contract: place.contract}
      }),
    )
    const faults = places.flatMap(({server, fault}) => (fault === undefined ? [] : [`${server}: ${fault}`]))
    if (faults.length > 0)
      throw new UserError(`no contract is written: ${faults.join('\n')}`, 'fix what the server lists, then again')
    return places.flatMap(({contract}) => contract ?? [])
  }

  function write(observed: Contract): void {
    // What is committed must hold no secret, and what a secret was taken out of has another digest.
    const told = redact(observed)
    const contract = {...told, digest: contractDigest(told)}
    const path = contractPath(fleet.folder, contract.server)
    const before = existing(path, contract.server)
    if (before?.digest === contract.digest) {
      say(`  ${contract.server}: as it was, ${shortDigest(contract.digest)}`)
      return
    }
    writeAtomically(path, contractText(contract), checkoutMode)
    record({
      type: 'fact',
      name: `contract.written.${contract.server}`,
      value: {from: before?.digest, to: contract.digest},
    })
    const differences = before === undefined ? [] : contractDifferences(before, contract)
    const what = before === undefined ? 'is new' : countText(differences)
    say(`  ${contract.server}: ${what}, ${shortDigest(contract.digest)} in contracts/${contract.server}.json`)
    for (const difference of differences.slice(0, shownAtMost)) say(`    ${differenceLine(difference)}`)
  }

  // A file that was edited by hand is what this program fixes.
  function existing(path: string, server: string): Contract | undefined {
    try {
      return readContract(path, server)
    } catch (thrown) {
      say(`  ${thrown instanceof Error ? thrown.message : path}`)
      return undefined
    }
  }
})
