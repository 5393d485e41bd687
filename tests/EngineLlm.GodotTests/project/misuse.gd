extends SceneTree
## What scripts do wrong ends in a signal and a line in the log; what they may do from within a signal works.

var problems := PackedStringArray()
var heard := PackedStringArray()


func _initialize() -> void:
	await process_frame
	await no_engine_and_no_persona()
	await no_model()
	var engine := Cast.make_engine()
	root.add_child(engine)
	await engine.loaded
	await empty_words(engine)
	await stop_and_forget(engine)
	await free_while_heard(engine)
	await persona_changes(engine)
	await calls_without_types(engine)
	await unload_while_heard(engine)
	await free_engine_while_heard()
	Cast.end(self, "misuse", problems)


func expect(condition: bool, what: String) -> void:
	if not condition:
		problems.append(what)


## An object is not to be freed while a signal of its is emitted, which is where an await goes on.
func drop(node: Node) -> void:
	node.queue_free()
	await node.tree_exited
	await process_frame


func no_engine_and_no_persona() -> void:
	var npc := LlmNpc.new()
	npc.failed.connect(func(message: String) -> void: heard.append(message))
	root.add_child(npc)
	npc.say("Hello?")
	expect(heard.size() == 1 and "LlmEngine" in heard[0], "no engine: %s" % heard)
	npc.engine_path = ^"../Nowhere"
	npc.say("Hello?")
	expect(heard.size() == 2 and "Nowhere" in heard[1], "no engine at the path: %s" % heard)
	npc.stop()
	npc.forget()
	expect(npc.get_answer() == "" and not npc.is_talking() and npc.persona == null, "a new character is silent")
	npc.free()


func no_model() -> void:
	var engine := LlmEngine.new()
	engine.model_path = "res://no such.gguf"
	root.add_child(engine)
	var npc := Cast.make_npc("Mira", 8)
	npc.failed.connect(func(message: String) -> void: heard.append(message))
	heard.clear()
	engine.add_child(npc)
	npc.say("Hello?")
	var message: String = await engine.failed
	expect("no such.gguf" in message and engine.get_error_message() == message, "no such model: %s" % message)
	expect(engine.get_state() == LlmEngine.STATE_FAILED, "state after failing: %d" % engine.get_state())
	expect(heard == PackedStringArray([message]), "the character was told: %s" % heard)
	npc.say("Hello?")
	expect(heard.size() == 2 and not npc.is_talking(), "said to an engine that failed: %s" % heard)
	engine.device = "no such device"
	engine.model_path = OS.get_environment("ENGINELLM_MODEL")
	engine.load_model()
	message = await engine.failed
	expect("no such device" in message, "no such device: %s" % message)
	await drop(engine)


func empty_words(engine: LlmEngine) -> void:
	var npc := Cast.make_npc("Mira", 8)
	heard.clear()
	npc.failed.connect(func(message: String) -> void: heard.append(message))
	engine.add_child(npc)
	npc.say("  ")
	npc.say("sea ".repeat(4000))
	expect(heard.size() == 2, "empty and long words: %s" % heard)
	npc.persona = null
	npc.say("Hello?")
	expect(heard.size() == 3 and "persona" in heard[2], "no persona: %s" % heard)
	await drop(npc)


func stop_and_forget(engine: LlmEngine) -> void:
	var npc := Cast.make_npc("Bram", 400)
	engine.add_child(npc)
	npc.say("Tell me a very long story about the sea.")
	var first: String = await npc.word
	npc.stop()
	var answer: String = await npc.answered
	expect(answer.begins_with(first.strip_edges()) and answer == npc.get_answer(), "stopped: \"%s\" after \"%s\"" % [answer, first])
	npc.say("Go on.")
	await npc.word
	var ends := [0]
	npc.answered.connect(func(_text: String) -> void: ends[0] += 1)
	npc.forget()
	for i in 10:
		await process_frame
	expect(ends[0] == 0 and not npc.is_talking(), "taken back, but answered %d times" % ends[0])
	await drop(npc)


func free_while_heard(engine: LlmEngine) -> void:
	var npc := Cast.make_npc("Ysolde", 400)
	engine.add_child(npc)
	npc.word.connect(func(_text: String) -> void: npc.queue_free())
	npc.say("Tell me a very long story about the sea.")
	await npc.tree_exited
	npc = null
	for i in 3:
		await process_frame
	expect(engine.get_statistics()["sequences_running"] == 0, "a freed character still talks")


func persona_changes(engine: LlmEngine) -> void:
	var npc := Cast.make_npc("Mira", 400)
	engine.add_child(npc)
	npc.say("Tell me a very long story about the sea.")
	await npc.word
	var other := Cast.make_npc("Bram", 8)
	npc.persona = other.persona
	expect(npc.persona == other.persona and not npc.is_talking(), "a new persona begins anew")
	npc.say("Who are you?")
	var answer: String = await npc.answered
	expect(not answer.is_empty(), "the new persona answers")
	other.free()
	expect(npc.persona.character_name == "Bram", "the persona outlives the character that had it")
	await drop(npc)


func calls_without_types(engine: Variant) -> void:
	engine.budget_ms = 3
	expect(engine.budget_ms == 3.0, "budget from a whole number: %s" % engine.budget_ms)
	engine.model_path = &"a name"
	expect(engine.model_path == "a name", "path from a name: %s" % engine.model_path)
	expect(engine.call("get_state") == LlmEngine.STATE_READY, "call by name")
	expect(not LlmEngine.list_devices().is_empty(), "there are devices")
	var persona: Variant = LlmPersona.new()
	persona.set("example_questions", ["Who?", &"What?"])
	expect(persona.example_questions == PackedStringArray(["Who?", "What?"]), "texts from an array: %s" % persona.example_questions)
	expect(persona.get("persona").length() > 10, "property by name")
	var copy: LlmPersona = persona.duplicate()
	expect(copy.example_questions == persona.example_questions, "a persona can be duplicated")


func unload_while_heard(engine: LlmEngine) -> void:
	var npc := Cast.make_npc("Mira", 400)
	engine.add_child(npc)
	npc.word.connect(func(_text: String) -> void: engine.unload_model(), CONNECT_ONE_SHOT)
	npc.say("Tell me a very long story about the sea.")
	await npc.word
	await process_frame
	expect(engine.get_state() == LlmEngine.STATE_UNLOADED and not npc.is_talking(), "unloaded while heard")
	expect(engine.get_statistics().is_empty() and engine.get_device_name() == "", "nothing is left")
	engine.model_path = OS.get_environment("ENGINELLM_MODEL")
	engine.load_model()
	npc.say("Who are you?")
	await npc.word
	await drop(engine)


func free_engine_while_heard() -> void:
	var engine := Cast.make_engine()
	root.add_child(engine)
	var npc := Cast.make_npc("Mira", 400)
	root.add_child(npc)
	npc.word.connect(func(_text: String) -> void: engine.free(), CONNECT_ONE_SHOT)
	npc.say("Tell me a very long story about the sea.")
	await npc.word
	await process_frame
	expect(not is_instance_valid(engine) and not npc.is_talking(), "the engine was freed while heard")
	npc.say("Who are you?")
	npc.free()
