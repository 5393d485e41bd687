extends Node
## The main scene of the exported game: one question, one answer.


func _ready() -> void:
	var engine := Cast.make_engine()
	var npc := Cast.make_npc("Mira", 24)
	engine.failed.connect(func(message: String) -> void: Cast.end(get_tree(), "game", PackedStringArray([message])))
	add_child(engine)
	engine.add_child(npc)
	npc.say("Who are you?")
	var answer: String = await npc.answered
	var problems := PackedStringArray()
	if answer.is_empty():
		problems.append("no answer")
	if OS.has_feature("editor"):
		problems.append("this is not an exported game")
	Cast.end(get_tree(), "game", problems, answer)
