extends Node
## A scene with an engine and three characters, who are in the middle of an answer when the scene is loaded again.

const RELOADS := 20
## Drivers and the engine keep what the first rounds took.
const SETTLED := 10
const ALLOWED_GROWTH_KIB := 16 * 1024

static var round := 0
static var resident: Array[int] = []
static var objects: Array[int] = []


func _ready() -> void:
	var engine := Cast.make_engine()
	engine.failed.connect(func(message: String) -> void: Cast.end(get_tree(), "reload", PackedStringArray([message])))
	add_child(engine)
	for character_name: String in ["Mira", "Bram", "Ysolde"]:
		var npc := Cast.make_npc(character_name, 500)
		npc.word.connect(go_on, CONNECT_ONE_SHOT)
		engine.add_child(npc)
		npc.say("Tell me a very long story about the sea.")


func go_on(_text: String) -> void:
	if is_queued_for_deletion() or leaves_already():
		return
	resident.append(Cast.resident_kib())
	objects.append(int(Performance.get_monitor(Performance.OBJECT_COUNT)))
	if round == RELOADS:
		check()
		return
	round += 1
	get_tree().reload_current_scene.call_deferred()


func leaves_already() -> bool:
	var was_set := has_meta(&"leaves")
	set_meta(&"leaves", true)
	return was_set


func check() -> void:
	var problems := PackedStringArray()
	var growth := resident[RELOADS] - resident[SETTLED]
	if growth > ALLOWED_GROWTH_KIB:
		problems.append("memory grew by %d KiB: %s" % [growth, resident])
	if objects[RELOADS] > objects[SETTLED]:
		problems.append("objects grew: %s" % [objects])
	Cast.end(get_tree(), "reload", problems, "%d reloads, memory %s KiB, objects %s" % [RELOADS, resident, objects])
