package media

// Failure is why an upload cannot be used: a stable code, and words for
// its author. Trying the same file again does not help.
type Failure struct {
	Code string
	Why  string
}

func (f *Failure) Error() string { return f.Code + ": " + f.Why }

// The failures.
var (
	ErrNotVideo    = &Failure{"not-a-video", "This file is not a video that can be read."}
	ErrNoPicture   = &Failure{"no-picture", "This file has sound but no picture."}
	ErrTruncated   = &Failure{"truncated", "This file is cut off or damaged: a part of the video cannot be read."}
	ErrTooShort    = &Failure{"too-short", "This video is shorter than one second."}
	ErrTooLong     = &Failure{"too-long", "This video is longer than six hours."}
	ErrTooLarge    = &Failure{"picture-too-large", "The picture is larger than 8192 by 8192 pixels."}
	ErrUnsupported = &Failure{"unsupported", "This kind of video cannot be converted here. Please export it as MP4 (H.264 and AAC) and upload it again."}
	ErrNotPDF      = &Failure{"not-a-pdf", "This file is not a PDF document."}
	ErrPDFDamaged  = &Failure{"pdf-damaged", "This PDF is cut off or damaged: its pages cannot be read. Please export it again."}
	ErrPDFLocked   = &Failure{"pdf-locked", "This PDF is protected by a password. Please save it without one and upload it again."}
	ErrNoPages     = &Failure{"no-pages", "This PDF has no pages."}
	// ErrTooManyPages: see MaxPages.
	ErrTooManyPages  = &Failure{"too-many-pages", "This PDF has more than 2,000 pages. Please divide it into several lessons."}
	ErrPDFTooComplex = &Failure{"pdf-too-complex", "Counting the pages of this PDF took too much memory or time. Please export it again, with smaller pictures."}
	ErrPartsDiffer   = &Failure{"parts-differ", "The parts that arrived do not make up the file. Please upload it again."}
	// ErrGaveUp ends what failed again and again for reasons that are not the file's.
	ErrGaveUp = &Failure{"gave-up", "The server could not finish this file after many attempts. Please upload it again."}
)
