class_name Cast
extends RefCounted
## What the tests have in common: a model, characters, and how they end.


## Where the budget is not what is tested, nobody has to wait for it.
static func make_engine(budget_ms := 30.0) -> LlmEngine:
	var engine := LlmEngine.new()
	engine.budget_ms = budget_ms
	engine.model_path = OS.get_environment("ENGINELLM_MODEL")
	engine.context_tokens = 512
	return engine


static func make_npc(character_name: String, max_answer_tokens: int) -> LlmNpc:
	var persona := LlmPersona.new()
	persona.character_name = character_name
	persona.persona = "Your name is %s. You live in a village by the sea, and you like to talk about it." % character_name
	persona.example_questions = PackedStringArray(["Who are you?"])
	persona.example_answers = PackedStringArray(["I'm %s, and I was born here." % character_name])
	persona.temperature = 0.0
	persona.max_answer_tokens = max_answer_tokens
	var npc := LlmNpc.new()
	npc.name = character_name
	npc.persona = persona
	return npc


## The engine exits with 0 whatever happens to scripts, so a test counts only if it says that it has passed.
static func end(tree: SceneTree, test: String, problems: PackedStringArray, figures: String = "") -> void:
	for problem: String in problems:
		print("PROBLEM ", problem)
	print("PASSED " if problems.is_empty() else "FAILED ", test, " ", figures)
	tree.quit(0 if problems.is_empty() else 1)


## Memory of the process that is in use, in KiB.
static func resident_kib() -> int:
	var file := FileAccess.open("/proc/self/status", FileAccess.READ)
	while not file.eof_reached():
		var line := file.get_line()
		if line.begins_with("VmRSS:"):
			return int(line.get_slice(":", 1).strip_edges().get_slice(" ", 0))
	return 0
