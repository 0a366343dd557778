// Makes the demonstration's lectures out of their scripts: slides drawn by
// Chromium, narration by espeak-ng, captions timed by the narration itself.
//
//   tools/lectures/make.sh [course | course/lecture …]
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { slideHTML } from './slide.mjs'

const root = path.resolve(import.meta.dirname, '../../internal/demo/content/courses')
const languages = ['zh', 'en']
const voices = { zh: ['-v', 'cmn', '-s', '185', '-g', '4'], en: ['-v', 'en-gb', '-s', '150', '-g', '4'] }
const ending = '.script.json'

const run = (program, args) => execFileSync('nice', ['-n', '15', program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
const seconds = (file) => Number(run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file]))
const clock = (s) => new Date(Math.round(s * 1000)).toISOString().slice(11, 23)

function draw(html, png, dir) {
	const page = path.join(dir, 'slide.html')
	fs.writeFileSync(page, html)
	run('chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
		`--user-data-dir=${path.join(dir, 'profile')}`, '--hide-scrollbars', '--force-device-scale-factor=1', '--window-size=1280,720', `--screenshot=${png}`, pathToFileURL(page).href])
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

// Draws and speaks every slide; what comes back is still in pieces.
function perform(script, dir) {
	const parts = { sounds: [], pictures: [], cues: [], length: 0 }
	script.slides.forEach((slide, i) => {
		const png = path.join(dir, `slide${i}.png`)
		draw(slideHTML(slide, script, i), png, dir)
		const from = parts.length
		slide.say.forEach((sentence, j) => {
			const { wav, length } = speak(sentence.spoken ?? sentence[script.language], script.language, dir, `s${i}-${j}`)
			parts.cues.push({ from: parts.length, to: parts.length + length - 0.15, sentence })
			parts.sounds.push(`file '${wav}'`)
			parts.length += length
		})
		parts.pictures.push(`file '${png}'`, `duration ${(parts.length - from).toFixed(3)}`)
	})
	parts.pictures.push(parts.pictures.at(-2)) // the last duration counts only if another picture follows
	return parts
}

function encode(parts, dir, mp4) {
	const list = (name, lines) => {
		const file = path.join(dir, name)
		fs.writeFileSync(file, lines.join('\n'))
		return ['-f', 'concat', '-safe', '0', '-i', file]
	}
	// Few frames, because slides stand still; keyframes every five seconds, so
	// that the product can cut it into segments without encoding it again.
	run('ffmpeg', ['-y', '-v', 'error', ...list('pictures.txt', parts.pictures), ...list('sounds.txt', parts.sounds),
		'-vf', 'fps=5,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p', '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709',
		'-c:v', 'libx264', '-profile:v', 'high', '-level', '3.1', '-refs', '4', '-preset', 'veryslow', '-crf', '33', '-psy-rd', '0:0', '-g', '25', '-keyint_min', '25', '-sc_threshold', '0', '-bf', '0',
		'-c:a', 'aac', '-b:a', '32k', '-movflags', '+faststart', '-map_metadata', '-1', '-fflags', '+bitexact', '-t', parts.length.toFixed(3), mp4])
}

function makeLecture(script) {
	const base = script.slice(0, -ending.length)
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hg-lecture-'))
	try {
		const parts = perform(JSON.parse(fs.readFileSync(script, 'utf8')), dir)
		encode(parts, dir, `${base}.mp4`)
		for (const language of languages) {
			const cues = parts.cues.map((c) => `\n${clock(c.from)} --> ${clock(c.to)}\n${c.sentence[language]}\n`)
			fs.writeFileSync(`${base}.${language}.vtt`, `WEBVTT\n${cues.join('')}`)
		}
		console.log(`${path.relative(root, base)}: ${parts.length.toFixed(1)} s, ${(fs.statSync(`${base}.mp4`).size / 1024).toFixed(0)} kB`)
	} finally {
		fs.rmSync(dir, { recursive: true, force: true })
	}
}

const scripts = fs.readdirSync(root).flatMap((course) => fs.readdirSync(path.join(root, course)).filter((n) => n.endsWith(ending)).map((n) => `${course}/${n.slice(0, -ending.length)}`))
const chosen = process.argv.slice(2)
const wanted = chosen.length === 0 ? scripts : scripts.filter((s) => chosen.some((c) => s === c || s.startsWith(`${c}/`)))
if (wanted.length === 0) throw new Error(`no lecture of ${chosen.join(', ')}`)
for (const name of wanted) makeLecture(path.join(root, `${name}${ending}`))
