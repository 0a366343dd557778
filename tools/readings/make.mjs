// Prints the demonstration's PDFs from the pages they are written as: every
// courses/*/*.html becomes the .pdf beside it. The same page on the same
// machine gives the same bytes: dates, the only thing that would differ, are
// set to a fixed one as long.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const courses = fileURLToPath(new URL('../../internal/demo/content/courses/', import.meta.url))
const quiet = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

function print(page, pdf) {
	const profile = mkdtempSync(join(tmpdir(), 'hg-reading-'))
	try {
		execFileSync('chromium', [...quiet, `--user-data-dir=${profile}`, '--no-pdf-header-footer', `--print-to-pdf=${pdf}`, pathToFileURL(page).href], { stdio: 'ignore' })
	} finally {
		rmSync(profile, { recursive: true, force: true })
	}
	const printed = readFileSync(pdf, 'latin1')
	const dated = printed.replace(/\(D:\d{14}([^)]*)\)/g, (_, zone) => `(D:20260101000000${zone})`)
	writeFileSync(pdf, dated, 'latin1')
	console.log(`${pdf.slice(courses.length)}: ${dated.length} bytes`)
}

for (const course of readdirSync(courses)) {
	for (const name of readdirSync(join(courses, course))) {
		if (name.endsWith('.html')) print(join(courses, course, name), join(courses, course, name.replace(/html$/, 'pdf')))
	}
}
