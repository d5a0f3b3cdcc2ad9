// The lab's switches on the demo page. Text goes in as text: nothing the lab says becomes HTML.
const now = document.getElementById('lab-now')
const list = document.getElementById('lab-name')

async function ask(path, body) {
  const options = body
    ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    : {}
  const answer = await fetch(`/demo/lab/${path}`, options)
  const data = await answer.json()
  if (!answer.ok) throw new Error(data.error || 'The lab does not answer.')
  return data
}

async function fill() {
  const { scenarios } = await ask('scenarios')
  const groups = new Map()
  const first = (one) => (one.demo ? 0 : 1)
  for (const one of scenarios.toSorted((a, b) => first(a) - first(b))) {
    const label = one.demo ? 'To begin with' : one.area
    if (!groups.has(label)) {
      const group = document.createElement('optgroup')
      group.label = label
      groups.set(label, group)
      list.append(group)
    }
    const option = document.createElement('option')
    option.value = one.name
    option.textContent = one.title || one.name
    groups.get(label).append(option)
  }
}

function show(state) {
  const broken = state.broken || []
  now.textContent = broken.length ? `Broken now: ${broken.join(', ')}` : 'Everything works.'
}

async function run(path, body) {
  try {
    if (body) await ask(path, body)
    show(await ask('state'))
  } catch (error) {
    now.textContent = error.message
  }
}

document.getElementById('lab-form').addEventListener('submit', (event) => {
  event.preventDefault()
  run('break', { name: list.value })
})
document.getElementById('lab-heal').addEventListener('click', () => run('heal', {}))
fill().then(() => run('state'), (error) => { now.textContent = error.message })
