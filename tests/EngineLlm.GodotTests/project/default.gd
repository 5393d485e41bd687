extends SceneTree
## A persona that nobody has set, and the model that comes along: two characters who may choose otherwise say the same, which is the likeliest.


func _initialize() -> void:
	# Only then does the tree live.
	await process_frame
	var engine := Cast.make_engine()
	engine.failed.connect(func(message: String) -> void: Cast.end(self, "default", PackedStringArray([message])))
	root.add_child(engine)
	await engine.loaded
	var answers := PackedStringArray()
	for seed: int in [1, 2]:
		var npc := LlmNpc.new()
		npc.persona = LlmPersona.new()
		npc.seed = seed
		engine.add_child(npc)
		for question: String in ["Who are you?", "What do you sell?", "Can I sleep here?"]:
			npc.say(question)
			answers.append(await npc.answered)
	var problems := PackedStringArray()
	if answers.slice(0, 3) != answers.slice(3):
		problems.append("not the likeliest words: %s" % answers)
	if not "Mira" in answers[0] or not "fish stew for two coppers" in answers[1] or not "five coppers" in answers[2]:
		problems.append("not from the persona: %s" % answers)
	Cast.end(self, "default", problems, " ".join(answers.slice(0, 3)))
