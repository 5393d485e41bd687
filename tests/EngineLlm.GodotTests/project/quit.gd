extends SceneTree
## The game ends in the middle of an answer.

var npcs: Array[LlmNpc] = []


func _initialize() -> void:
	# Only then does the tree live.
	await process_frame
	var engine := Cast.make_engine()
	engine.failed.connect(func(message: String) -> void: Cast.end(self, "quit", PackedStringArray([message])))
	root.add_child(engine)
	for character_name: String in ["Mira", "Bram", "Ysolde"]:
		var npc := Cast.make_npc(character_name, 500)
		npc.word.connect(leave, CONNECT_ONE_SHOT)
		root.add_child(npc)
		npc.say("Tell me a very long story about the sea.")
		npcs.append(npc)


func leave(_text: String) -> void:
	var talking := npcs.filter(func(npc: LlmNpc) -> bool: return npc.is_talking()).size()
	Cast.end(self, "quit", PackedStringArray() if talking > 0 else PackedStringArray(["nobody was talking"]), "%d talking" % talking)
