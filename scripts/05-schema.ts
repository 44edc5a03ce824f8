// Writes the JSON Schema of the fleet file, for editors.
import {schemaText} from './lib/fleet/editorSchema.ts'
import {program} from './lib/program.ts'
import {checkoutMode, writeAtomically} from './lib/writeAtomically.ts'

await program(async () => {
  const path = new URL('../templates/fleet.schema.json', import.meta.url).pathname
  writeAtomically(path, schemaText(), checkoutMode)
  console.log(`✓ ${path}`)
  return undefined
})
