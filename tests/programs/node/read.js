// Reads a Data Package (its descriptor, or a zip of it) with the npm client `datapackage`, and prints as JSON what it
// makes of it: whether it is valid, and of each table the keys, the cast rows, and which foreign keys it finds broken.
'use strict'

const { Package } = require('datapackage')

const two = (number) => String(number).padStart(2, '0')

// The client makes a day the midnight at which it begins here; in UTC that may be the day before.
const day = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`

const plain = (row) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value instanceof Date ? day(value) : value]))

// Returns what the client says against some foreign keys of a table, or null. It keeps the rows that the first keys
// lead to and takes later ones for sound, so that the package is loaded anew.
async function complaint(place, table, keys) {
  const resource = (await Package.load(place)).getResource(table)
  resource.descriptor.schema.foreignKeys = keys
  resource.commit()
  try {
    await resource.checkRelations()
    return null
  } catch (error) {
    return error.message
  }
}

async function tableOf(place, resource) {
  const { primaryKey, foreignKeys } = resource.schema
  const rows = (await resource.read({ keyed: true })).map(plain)
  const oneByOne = []
  for (const key of foreignKeys) oneByOne.push({ fields: key.fields, says: await complaint(place, resource.name, [key]) })
  return { primaryKey, rows, oneByOne, together: await complaint(place, resource.name, foreignKeys) }
}

async function main(place) {
  const found = await Package.load(place)
  const tables = {}
  for (const resource of found.resources) tables[resource.name] = await tableOf(place, resource)
  process.stdout.write(JSON.stringify({ valid: found.valid, errors: found.errors.map(String), tables }))
}

main(process.argv[2]).catch((error) => {
  console.error([error, ...(error.errors || [])].join('\n'))
  process.exitCode = 1
})
