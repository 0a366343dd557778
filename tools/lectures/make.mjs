// Makes the demonstration's lectures out of their scripts: slides drawn by
// Chromium, narration by espeak-ng, captions timed by the narration itself.
//
//   node tools/lectures/make.mjs [course …]      (needs chromium, espeak-ng, ffmpeg, fonts-noto-cjk)
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { slideHTML } from './slide.mjs'

const root = path.resolve(import.meta.dirname, '../../internal/demo/content/courses')
const voices = { zh: ['-v', 'cmn', '-s', '165', '-g', '4'], en: ['-v', 'en-gb', '-s', '150', '-g', '4'] }
const chosen = process.argv.slice(2)

const run = (program, args) => execFileSync('nice', ['-n', '15', program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
const seconds = (file) => Number(run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file]))
const clock = (s) => new Date(Math.round(s * 1000)).toISOString().slice(11, 23)

function draw(html, png, dir) {
	const page = path.join(dir, 'slide.html')
	fs.writeFileSync(page, html)
	const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'hg-slides-'))
	run('chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
		`--user-data-dir=${profile}`, '--hide-scrollbars', '--force-device-scale-factor=1', '--window-size=1280,720', `--screenshot=${png}`, pathToFileURL(page).href])
	fs.rmSync(profile, { recursive: true, force: true })
}

// One sentence is one sound file and one caption.
function speak(text, language, dir, name) {
	const raw = path.join(dir, `${name}.raw.wav`)
	const wav = path.join(dir, `${name}.wav`)
	run('espeak-ng', [...voices[language], '-w', raw, text])
	// A breath after each sentence; a gentle equaliser takes the edge off the synthesis.
	run('ffmpeg', ['-y', '-v', 'error', '-i', raw, '-af', 'highpass=f=90,equalizer=f=3000:t=q:w=1.2:g=-4,loudnorm=I=-19:TP=-2,apad=pad_dur=0.55', '-ar', '44100', '-ac', '1', wav])
	return { wav, length: seconds(wav) }
}

function makeLecture(file) {
	const script = JSON.parse(fs.readFileSync(file, 'utf8'))
	const base = file.replace(/\.script\.json$/, '')
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hg-lecture-'))
	const captions = { zh: ['WEBVTT'], en: ['WEBVTT'] }
	const sounds = []
	const pictures = []
	let at = 0
	script.slides.forEach((slide, i) => {
		const png = path.join(dir, `slide${i}.png`)
		draw(slideHTML(slide, script, i), png, dir)
		let shown = 0
		slide.say.forEach((sentence, j) => {
			const { wav, length } = speak(sentence.spoken ?? sentence[script.language], script.language, dir, `s${i}-${j}`)
			for (const language of ['zh', 'en']) captions[language].push(`\n${clock(at)} --> ${clock(at + length - 0.15)}\n${sentence[language]}`)
			sounds.push(`file '${wav}'`)
			at += length
			shown += length
		})
		pictures.push(`file '${png}'`, `duration ${shown.toFixed(3)}`)
	})
	pictures.push(pictures.at(-2))
	fs.writeFileSync(path.join(dir, 'sounds.txt'), sounds.join('\n'))
	fs.writeFileSync(path.join(dir, 'pictures.txt'), pictures.join('\n'))
	// Keyframes every two seconds, so that the product can cut it without encoding it again.
	run('ffmpeg', ['-y', '-v', 'error', '-f', 'concat', '-safe', '0', '-i', path.join(dir, 'pictures.txt'), '-f', 'concat', '-safe', '0', '-i', path.join(dir, 'sounds.txt'),
		'-vf', 'fps=10,format=yuv420p', '-c:v', 'libx264', '-profile:v', 'high', '-preset', 'veryslow', '-tune', 'stillimage', '-crf', '27', '-g', '40', '-keyint_min', '40', '-sc_threshold', '0', '-bf', '0',
		'-c:a', 'aac', '-b:a', '48k', '-movflags', '+faststart', '-map_metadata', '-1', '-t', at.toFixed(3), `${base}.mp4`])
	for (const language of ['zh', 'en']) fs.writeFileSync(`${base}.${language}.vtt`, `${captions[language].join('\n')}\n`)
	fs.rmSync(dir, { recursive: true, force: true })
	console.log(`${path.relative(root, base)}: ${at.toFixed(1)} s, ${(fs.statSync(`${base}.mp4`).size / 1024).toFixed(0)} kB`)
}

for (const course of fs.readdirSync(root)) {
	if (chosen.length > 0 && !chosen.includes(course)) continue
	for (const name of fs.readdirSync(path.join(root, course))) if (name.endsWith('.script.json')) makeLecture(path.join(root, course, name))
}
