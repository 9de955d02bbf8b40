/**
 * What a file's extension says about its name: programs may be made by machines and run; data never runs.
 *
 * @module
 */

/** Kinds of extensions. */
export const Extension = { None: 0, Program: 1, Data: 2, Unknown: 3, Media: 4 } as const;

/** Extensions that programs carry, and files that programs leave beside them. */
const PROGRAM = words(
  "so py sh exe js tmp jar pl rb bin elf dll lock run lua php out node cjs mjs rlib bat com sock pyc wasm " +
    "AppImage ko dylib",
);

/** Extensions of sources, documents and settings. */
const DATA = words(
  "h hpp hh inc xml html htm xhtml css scss less json yaml yml toml ini conf cfg config txt md rst tex texi " +
    "pdf ps eps po pot ts qm csv tsv dat db sql gz bz2 xz zst tgz cmake pc la desktop theme profile rules " +
    "service socket target timer mount path patch diff c cc cpp cxx m mm s S ads adb ali go rs java kt scala " +
    "swift pas pp inc ppu hs hi ml mli cmi cmt cmti cmo cma cmx cmxa cmxs v vo glob el elc scm lsp lisp erl " +
    "hrl beam ex cr nim d di qml ui glade vim tcl tmpl tpl twig pm pod al t bs frag vert geom comp tesc tese " +
    "shader_test pem crt cer key pub der p12 dtb dts dtbo o a obj bc pyi pxd pyx pyo dist-info egg-info 1 2 3 " +
    "4 5 6 7 8 9 expected actual golden pri prl prg sip typelib gir vapi proto textproto webidl icn u1 u2 lfm " +
    "lpi lpr mod sym map eml msg dir pretty lang dic aff rng rnc xsd xsl xslt dtd ent",
);

/** Extensions of images, fonts, sounds, translations and measurements. */
const MEDIA = words(
  "afm au bdf bmp fio fits flac gif gmo ico jpeg jpg mid mo mp3 ogg otf pcf pcx pfb png pom ppm rsp svg tfm " +
    "tif tiff ttf vf wav webp woff woff2 xbm xpm",
);

/** The kind of an extension, which is given without its dot. */
export function extensionKind(extension: string): number {
  if (PROGRAM.has(extension)) return Extension.Program;
  if (DATA.has(extension)) return Extension.Data;
  return MEDIA.has(extension) ? Extension.Media : Extension.Unknown;
}

/** Whether an extension is that of a temporary file. */
export function isTemporaryExtension(extension: string): boolean {
  return extension === "tmp" || extension === "temp" || extension === "part";
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}
