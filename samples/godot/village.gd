extends Node2D
## A village whose people answer all at once. Type a line: everyone answers, or only the one who was clicked on.

## Where the model may be, if the variable ENGINELLM_MODEL names none. The last one is this project's, and an exported game's.
const MODELS: Array[String] = [
	"res://../../models/npc/lantern-npc.gguf",
	"res://../../../shared/models/smollm2-135m-instruct-q4_1.gguf",
	"res://model.gguf",
]

@onready var engine: LlmEngine = $LlmEngine
@onready var status: Label = $Hud/Status
@onready var words: LineEdit = $Hud/Line/Words

var listener: Villager


func _ready() -> void:
	engine.loading.connect(func(stage: String, fraction: float) -> void: status.text = "Loading %s, %d %%" % [stage, 100 * fraction])
	engine.loaded.connect(_on_loaded)
	engine.failed.connect(func(message: String) -> void: status.text = message)
	$Hud/FrameGraph.engine = engine
	$Hud/Line/Say.pressed.connect(func() -> void: _on_words(words.text))
	$Hud/Line/Stop.pressed.connect(_on_stop)
	words.text_submitted.connect(_on_words)
	words.grab_focus()
	for villager: Villager in $Villagers.get_children():
		villager.clicked.connect(_on_clicked)
		villager.prepare()
	engine.model_path = find_model()
	engine.load_model()


## The player says something, to everyone or to the one who was clicked on.
func say(text: String) -> void:
	for villager: Villager in $Villagers.get_children():
		if listener == null or listener == villager:
			villager.say(text)


func find_model() -> String:
	var named := OS.get_environment("ENGINELLM_MODEL")
	if not named.is_empty():
		return named
	for path in MODELS:
		if FileAccess.file_exists(ProjectSettings.globalize_path(path)):
			return path
	return MODELS[-1]


func _on_loaded() -> void:
	status.text = "%s on %s" % [engine.get_model_name(), engine.get_device_name()]


func _on_words(text: String) -> void:
	if text.strip_edges().is_empty():
		return
	words.clear()
	say(text)


func _on_stop() -> void:
	for villager: Villager in $Villagers.get_children():
		villager.npc.stop()


func _on_clicked(villager: Villager) -> void:
	listener = null if listener == villager else villager
	words.placeholder_text = "Say something to %s" % (listener.persona.character_name if listener else "everyone, or click on somebody first")
	for other: Villager in $Villagers.get_children():
		other.is_chosen = other == listener
