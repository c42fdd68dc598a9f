"""What the help panel says: every control in an artist's sentences, with the term that the field uses for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """`shows` names one of help_pictures.SHOWS, three pictures of what the control does; where none fits, an icon."""

    title: str
    term: str
    text: str
    shows: str = ""
    icon: str = "info"


TOPICS = {
    # canvas
    "canvas": Topic("The picture", "image synthesis",
        "Drag on it to walk from seed to seed; the wheel zooms at the pointer, a double click fits it again. "
        "Hold Alt and drag up or down to change the layer under the pointer.", "walk"),
    # model
    "model": Topic("Model", "generator, checkpoint",
        "What was learnt from many pictures: it can draw endlessly many like them, but nothing else. "
        "The card says what it was trained on and who may use it."),
    "open": Topic("Open a model or a picture", "load a checkpoint",
        "A model file brings another world of pictures; a picture that was saved here brings its settings back. "
        "Both can also be dropped on the window.", icon="folder-open"),
    "models": Topic("Models at hand", "checkpoints",
        "The models that travel with this program and those you opened lately. "
        "Seeds and settings stay when you change the model, so you can compare what each makes of them.", icon="box"),
    "catalogue": Topic("Catalogue", "pretrained networks",
        "Well-known models that others have trained and published, with their licences. "
        "Nothing is downloaded before you ask for it.", icon="box"),
    "catalogue.search": Topic("Search", "filter",
        "Parts of a name, a family, a size or a licence, in any order: cat 512, metfaces, stylegan3. "
        "All of them must be there.", icon="search"),
    "catalogue.get": Topic("Download", "resumable download, SHA-256",
        "Fetches the file, checks it, keeps it on this computer and opens it. "
        "Stopped or cut off, it goes on from there the next time.", icon="download"),
    "card": Topic("About the model", "model card",
        "What it is, what it learnt from, who may use it, and the file it is in. "
        "The copy button takes all of it as text.", icon="info"),
    "card.layers": Topic("Layers", "synthesis network",
        "From coarse to fine, the steps in which a picture grows. Each opens into its tensors; "
        "the bar is its share of all the numbers that were learnt.", icon="layers"),
    "export": Topic("Export", "checkpoint conversion",
        "The model as a file that other programs open. What cannot hold this family says why. "
        "The last two write what every layer reads for the picture you see.", icon="share"),
    "export.file": Topic("Where it goes", "path",
        "The name is free, and what is there already is never written over. "
        "ONNX and torch.export write two files, for the mapping and for the synthesis.", icon="folder-open"),
    # source
    "seed": Topic("Seed", "seed of the latent z",
        "The number of a picture: the same seed always gives the same picture. Type one that you like to remember, "
        "or step to its neighbours, which look altogether different.", "seed"),
    "random": Topic("Random", "sampling z from the normal distribution",
        "Another picture by chance. Go on until one catches you; History keeps all that you have passed.", "random"),
    "a": Topic("A", "latent code, row 1 of a mixing table",
        "The picture that everything begins with. A picture that was saved here can be dropped on it.", "ab"),
    "b": Topic("B", "style source of style mixing",
        "A second picture that lends its style to A, layer by layer, in the style equalizer. "
        "A picture that was saved here can be dropped on it.", "ab"),
    "source.picture": Topic("From a saved picture", "stored latent",
        "A picture that was made here before becomes A or B, whatever mixture it was. It can also be dropped on it.",
        icon="folder-open"),
    "class": Topic("Class", "conditional label",
        "What kind of thing the model shall draw, where it was taught kinds. The seed stays, so you see the same idea "
        "in another kind.", icon="layers"),
    "prompt": Topic("Prompt", "text conditioning",
        "What the picture shall show, in words, where the model reads them. A second prompt can be blended in; "
        "Up brings those used lately.", icon="blend"),
    "swap": Topic("Swap", "exchange of the source and the destination",
        "A becomes B and B becomes A; how much of B every layer takes stays as it is.", "swap"),
    "link": Topic("Link", "a common path through latent space",
        "While linked, B makes every step that A makes, whether you drag, use the arrows or travel. "
        "Two pictures then change hand in hand.", icon="link-2"),
    "pad": Topic("Seed plane", "interpolation in W",
        "A map of seeds: every small picture lies where its seed does, and between them they melt into each other. "
        "Click or drag to go there; the circle is A, the square B.", "walk"),
    "travel": Topic("Travel", "latent walk",
        "A moves over the plane of seeds by itself, endlessly and without a jump. "
        "Everything else can be changed meanwhile.", "travel"),
    "speed": Topic("Speed of travel", "step size of the latent walk",
        "How many seeds A passes in a second. Slow travel lets you see what is between two pictures.", "travel"),
    # shape
    "psi": Topic("Truncation", "truncation psi (ψ)",
        "How far a picture may stray from the average. Near 0 all look alike and flawless, at 1 they are as varied as "
        "what was learnt, beyond it wild, below 0 opposite.", "psi"),
    "cutoff": Topic("Cutoff", "truncation cutoff",
        "Up to which layer truncation acts. With a low cutoff only the broad shapes are tamed, "
        "and fine detail keeps its variety. (The small pictures have truncation 0.)", "cutoff"),
    "centre": Topic("Average", "per-class truncation",
        "What truncation pulls to: the average of the picture's own class, the middle of all, or whichever class is nearest.",
        icon="scan"),
    "noise.mode": Topic("Noise", "noise inputs",
        "Grain that decides where hairs, leaves and ripples fall, not what there is. Off is smooth like paint, "
        "fixed is the same for every picture, random is drawn from a seed of its own.", "noise.mode"),
    "noise.strength": Topic("Strength of the noise", "noise strength",
        "How much of the fine random detail is added: 0 none, 1 as the model learnt it, more is rough.",
        "noise.strength"),
    "noise.seed": Topic("Noise seed", "seed of the noise inputs",
        "Which random detail is drawn, while Noise is set to random. Small things move, the picture stays itself.",
        "noise.seed"),
    "noise.motion": Topic("Motion of the noise", "coherent noise animation",
        "Lets the fine detail flow instead of flickering. The slider is the speed; Noise by layer says how much moves where. "
        "A film has its own motion: in the timeline, under Wander.",
        "noise.motion"),
    "transform": Topic("Place of the picture", "input transform of StyleGAN3",
        "Moves and turns what the model draws, beyond the frame too: it paints what comes into sight. "
        "On the picture, drag the cross to move and the ring to turn; a double click puts it back.", icon="rotate-ccw"),
    # style equalizer
    "equalizer.mix": Topic("Style equalizer: mix", "style mixing",
        "A column for each layer: at the bottom it follows A, at the top B. Coarse layers carry pose and shape, middle "
        "ones form, fine ones colour and texture. Drag across to paint.", "mix"),
    "equalizer.strength": Topic("Style equalizer: style", "style strength (AdaIN scale and bias)",
        "How strongly each layer follows its style. In the middle it is as learnt, at the bottom the layer goes plain, "
        "at the top it exaggerates.", "strength"),
    "equalizer.psi": Topic("Style equalizer: truncation", "per-layer psi",
        "Each layer's own share of the truncation: 0 makes this layer the average one, −1 its opposite. "
        "So the shapes can be calm while the colours are wild.", "layers.psi"),
    "equalizer.noise": Topic("Style equalizer: noise", "per-layer noise strength",
        "How much random detail each layer adds. In coarse layers it moves large things, in fine ones only the grain.",
        "layers.noise"),
    "desk": Topic("Mixing desk", "several style sources, layered in W+",
        "Pictures laid over one another like layers of paint: the top one covers those below, A is the ground. The chosen "
        "one is B. Eye: on or off; fader: how much; drag: higher or lower.", icon="layers"),
    "morph": Topic("Morph", "interpolation over time",
        "Glides from the picture that you see to the stored one, a favourite or a saved picture, in as many seconds as you "
        "like. A second click stops it where it is.", icon="blend"),
    "curves": Topic("Curves", "presets of per-layer amounts",
        "Ready-made curves for the columns: coarse, middle, fine, a ramp, every other one, chance. "
        "A curve that you like can be kept under a name.", "mix"),
    "equalizer.reset": Topic("Back to neutral", "reset",
        "All columns of this face go where they change nothing. One undo brings your curve back.", icon="rotate-ccw"),
    "layer.number": Topic("The chosen layer", "layer index and resolution",
        "The column that the arrow keys move, and its value to type. A double click on a column makes it neutral; "
        "a right click solos it, mutes it or shows what it does.", icon="sliders-vertical"),
    # layers
    "layers": Topic("Layers", "synthesis layers",
        "The same numbers as in the equalizer, for all layers at once. Type into a cell; with several selected, "
        "all get the value, and Delete makes them neutral.", icon="layers"),
    # history
    "history": Topic("History", "undo tree",
        "Every step that you took, as a small picture; a click goes back there. Steps that you left for another way "
        "stay here too, so nothing is ever lost.", icon="history"),
    # gallery
    "gallery": Topic("Gallery", "favourites",
        "What you kept. A double click shows a picture again with all its settings; drag one onto A or B to mix it. "
        "It is a folder of PNGs: files that you put there appear here too.", icon="gallery"),
    "favourite": Topic("Keep as favourite", "PNG with its recipe",
        "Draws the picture exactly and puts it into the gallery, with everything that is needed to make it again.",
        icon="favourite"),
    "gallery.search": Topic("Search and order", "query",
        "Words in name, note, tags, model or seed; #word looks at tags only. The stars hide what is rated lower.",
        icon="search"),
    "gallery.marks": Topic("Stars, tags and note", "metadata inside the PNG",
        "What you say of the chosen pictures is written into their files, so it goes wherever they go. "
        "With several chosen, tags are added to all.", icon="favourite"),
    "gallery.compare": Topic("Compare", "side by side, wipe, blink",
        "Two pictures beside one another, behind a curtain that you pull, or in turn in one place.", icon="columns-2"),
    "gallery.export": Topic("Hand over", "export",
        "The chosen pictures as files, as one contact sheet, or only their recipes.", icon="copy"),
    # timeline
    "timeline": Topic("Timeline", "keyframe animation",
        "Pictures as keys on an axis of time; between them everything slides from one to the next. Click to scrub, "
        "drag keys, the wheel zooms. Space plays at true speed.", icon="film"),
    "timeline.key": Topic("Key", "keyframe",
        "The picture that is shown, with all its settings, at the playhead or after the last key.", icon="plus"),
    "timeline.way": Topic("Way to the next key", "easing, interpolation in W or Z",
        "How fast the way is gone, also along a curve of your own, and where it leads: straight, through all keys "
        "without a corner, or around the sphere that seeds lie on.", icon="chart-spline"),
    "timeline.wander": Topic("Wander", "latent noise loop",
        "The picture roams around its way, in a circle or along smooth noise, and is back at the end. "
        "Its fine detail can flow meanwhile, as fast as you say.", icon="shuffle"),
    "timeline.loop": Topic("Loop", "cyclic interpolation",
        "From the last key back to the first, so that the film repeats without a jump. Drag the pale key to say how "
        "long that takes.", icon="rotate-ccw"),
    "timeline.curve": Topic("Curve of a field", "function curve",
        "One setting along the time. Drag a point to change it in that key.", icon="chart-spline"),
    "timeline.export": Topic("Export", "encoding",
        "Writes the film in many kinds, frame by frame and exactly. What is paused or broken off goes on where it "
        "stopped.", icon="film"),
    "record": Topic("Record", "screen recording",
        "Films the picture as you play with it, with true times, straight to disk: even a crash loses only half a "
        "second.", icon="record"),
    # sheet
    "sheet": Topic("Contact sheet", "random samples",
        "Many pictures at once, to pick from. A double click or Enter shows one, F keeps the chosen ones. "
        "They are drawn while nothing else is.", icon="sheet"),
    "kin": Topic("What lies on the sheet", "random samples, variation in W, interpolation",
        "Any seeds, or the children of a picture: each goes a step into another direction. Pick one and ask again, and "
        "you walk towards what you like. Or the way from A to B.", icon="sheet"),
    "kin.part": Topic("What changes", "style mixing by resolution",
        "Coarse children have another pose or layout, middle ones other forms, fine ones other colours. "
        "The child is then B, so the equalizer shows what is new.", "mix"),
    "kin.radius": Topic("How far", "radius in W",
        "Small: sisters that you can hardly tell apart. Large: strangers. The same directions stay while you pull.",
        icon="scan"),
    "sheet.save": Topic("Save the sheet", "contact sheet",
        "One picture with all of them, drawn exactly. It remembers every recipe: dropped here it is a sheet again.",
        icon="image-down"),
    # toolbar and status
    "undo": Topic("Undo", "undo", "Takes the last gesture back. There is no end to it, and redo returns.", icon="undo-2"),
    "redo": Topic("Redo", "redo", "Does again what was undone, along the newest way.", icon="redo-2"),
    "compare": Topic("Compare", "A/B comparison",
        "As long as it is held, you see the stored picture instead of the present one. Looking changes nothing.",
        icon="columns-2"),
    "store": Topic("Store to compare", "reference state",
        "Remembers this picture as the one to compare with.", icon="pin"),
    "save": Topic("Save picture", "PNG with its recipe",
        "Draws the picture once more as exactly as it can and keeps it as a PNG. The file remembers how it was made: "
        "drop it on the window and everything is back.", icon="image-down"),
    "copy": Topic("Copy picture", "clipboard", "Puts the picture on the clipboard, for another program.", icon="copy"),
    "video": Topic("Video", "latent interpolation",
        "Makes a film that leads from picture to picture, and goes on in the background while you explore.",
        icon="film"),
    "train": Topic("Train", "training of a GAN",
        "Teaches a new model from a folder of your own pictures, or from a sample set that is drawn for you.",
        icon="graduation-cap"),
    "output": Topic("Full screen", "output",
        "Only the picture, for an audience: no pointer, no messages. Keys go on working, Esc leaves.",
        icon="fullscreen"),
    "session": Topic("Sessions", "working state",
        "Everything you work on in one file: picture, history, timeline, panels. It is kept by itself, offered again "
        "after a crash, and can be named, copied and opened elsewhere.", icon="history"),
    "settings": Topic("Settings", "preferences",
        "Looks, speed, folders and language. Most changes show at once.", icon="sliders-vertical"),
    "palette": Topic("Search all actions", "command palette",
        "Type a few letters of whatever you want to do.", icon="command"),
    "keys": Topic("All keys", "keyboard shortcuts", "Shows every key, and lets you choose others.", icon="keyboard"),
    "help": Topic("Help", "what you are reading", "Point at anything in the window and read here what it does.",
        icon="circle-help"),
    "status.facts": Topic("How fast it is", "render time, frame rate, precision, device",
        "The time that one picture takes, how many come in a second, the number format, what computes, and the size in "
        "pixels.", icon="chart-spline"),
    "status.place": Topic("Where you are", "coordinates on the seed plane",
        "The seed of A, or the place between four seeds.", "walk"),
    "status.zoom": Topic("Zoom", "scale of the display",
        "How large the picture is shown; 100 % is a pixel for a pixel. It never changes what is saved.", icon="scan"),
    # video
    "film.stops": Topic("Stops of the film", "key frames in latent space",
        "The pictures that the film passes, in this order. Drag them to change it, Delete takes one out, "
        "saved pictures can be dropped here.", "travel"),
    "film.add": Topic("Add pictures", "key frames",
        "The picture in the window just as it is, pictures that you saved, or any seeds by their numbers, "
        "such as 1, 5, 9 or 20-25.", icon="plus"),
    "film.seconds": Topic("Seconds", "interpolation length",
        "The time from one picture to the next. Two is lively, ten is calm.", "travel"),
    "film.fps": Topic("Frames a second", "frame rate",
        "24 looks like cinema, 60 is smoothest; more frames take longer to draw.", icon="film"),
    "film.loop": Topic("Loop", "closed latent path",
        "Goes back to the first picture at the end, so that the film can repeat without a jump.", icon="rotate-ccw"),
    "film.size": Topic("Size", "integer upscaling",
        "The model's own pixels, or each of them two or more times as large and still sharp.", icon="scan"),
    "film.file": Topic("File of the film", "MP4, H.264", "Where the film goes. A free name is proposed.", icon="folder-open"),
    "film.make": Topic("Make the film", "rendering",
        "Draws every frame exactly, beside the window. You may close this and go on; what is stopped leaves no file.",
        icon="film"),
    # train
    "train.pictures": Topic("Pictures to learn from", "training data",
        "A folder with your pictures, of any size and kind; some hundreds are a start, many thousands are good. "
        "The more they are alike, the sooner the model gets them.", icon="image"),
    "train.samples": Topic("Sample sets", "synthetic data",
        "No pictures at hand? Here some thousands are drawn, free for any use (CC0), to learn from in a minute.",
        icon="dices"),
    "train.preset": Topic("Preset", "training configuration",
        "How large the pictures become and how long it takes. Begin with tiny: it shows something in minutes.",
        icon="sliders-vertical"),
    "train.run": Topic("Name of the run", "run directory",
        "Where everything of this training is kept: samples, snapshots, the state to go on from.", icon="folder-open"),
    "train.begin": Topic("Start training", "optimisation",
        "Two networks compete: one draws, the other looks for mistakes. It goes on when the window is closed.",
        icon="graduation-cap"),
    "train.open": Topic("Open a run", "resume or monitor",
        "Watches a training that was started before, in a terminal or on another machine.", icon="eye"),
    "train.facts": Topic("How the training goes", "kimg, img/s",
        "Pictures seen so far, speed, and the time left. Stop saves everything, and it can go on later.",
        icon="info"),
    "train.explore": Topic("Explore a snapshot", "snapshot of the averaged weights (EMA)",
        "Opens what the model has learnt so far in the window, while training goes on.", icon="eye"),
    "train.grid": Topic("Newest samples", "fixed latents",
        "The same seeds again and again, so that you see them grow up. The slider goes back in time.", icon="image"),
    "train.plot": Topic("The contest in numbers", "losses of generator and discriminator",
        "Neither line shall win: both wander without running away. Trust your eyes more than this.",
        icon="chart-spline"),
    "train.trial": Topic("Will it fit, and how long?", "memory and throughput",
        "Takes some real steps on your device, and tells how long the whole takes and whether memory suffices."),
    "train.list": Topic("All runs", "experiments",
        "Every training so far. Mark several to lay their curves over one another, or put one into the trash."),
    # data set
    "data.sources": Topic("Where the pictures are", "sources of a data set",
        "Folders, archives, films and pictures, as many as you like. They are only read, never changed."),
    "data.options": Topic("What is made of them", "resize, crop, pad",
        "One size for all, and which part of a picture is used where it is no square. The preview shows what comes of it."),
    "data.view": Topic("The pictures", "curation",
        "What does not belong is taken out with Delete. Copies and files that cannot be used are found for you."),
    "data.begin": Topic("Where the data set goes", "data set",
        "Writes a zip that trainings and other programs read. Stopped, it goes on from there the next time."),
}  # fmt: skip
