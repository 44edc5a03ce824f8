// Writes the JSON Schema of the fleet file, for editors.

import {program} from './lib/cli/program.ts'
import {checkoutMode, writeAtomically} from './lib/files/writeAtomically.ts'
import {schemaText} from './lib/fleet/editorSchema.ts'

await program(async () => {
  const path = new URL('../templates/fleet.schema.json', import.meta.url).pathname
  writeAtomically(path, schemaText(), checkoutMode)
  console.log(`✓ ${path}`)
  return undefined
})
