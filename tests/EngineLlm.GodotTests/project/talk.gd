extends SceneTree
## Three characters talk at once while frames go on.

const TIMEOUT_SECONDS := 240.0

var engine: LlmEngine
var words: Dictionary[String, String] = {}
var answers: Dictionary[String, String] = {}
var problems := PackedStringArray()
var states := PackedInt32Array()
var load_frames := 0
var talk_frames := 0
var frames_of_three := 0
var longest_update_ms := 0.0
var intervals_ms: Array[float] = []
var started := Time.get_ticks_msec()
var last_frame_usec := 0


func _initialize() -> void:
	# Only then does the tree live.
	await process_frame
	engine = Cast.make_engine(2.0)
	engine.loaded.connect(func() -> void: states.append(engine.get_state()))
	engine.failed.connect(func(message: String) -> void: problems.append(message))
	root.add_child(engine)
	for character_name: String in ["Mira", "Bram", "Ysolde"]:
		var npc := Cast.make_npc(character_name, 32)
		words[character_name] = ""
		npc.word.connect(func(text: String) -> void: words[character_name] += text)
		npc.answered.connect(func(text: String) -> void: answers[character_name] = text)
		npc.failed.connect(func(message: String) -> void: problems.append(message))
		root.add_child(npc)
		# The model is not there yet: the words wait for it.
		npc.say("Good evening! Who are you, and what is this place?")
		if not npc.is_talking():
			problems.append("%s does not say that it is going to answer" % character_name)


func _process(_delta: float) -> bool:
	if engine == null:
		return false
	var now := Time.get_ticks_usec()
	if engine.get_state() != LlmEngine.STATE_READY:
		load_frames += 1
	elif answers.size() < 3:
		talk_frames += 1
		intervals_ms.append((now - last_frame_usec) / 1000.0)
		var statistics := engine.get_statistics()
		longest_update_ms = maxf(longest_update_ms, statistics["update_ms"])
		if statistics["sequences_running"] == 3:
			frames_of_three += 1
	last_frame_usec = now
	if answers.size() == 3 or not problems.is_empty():
		check()
	elif Time.get_ticks_msec() - started > TIMEOUT_SECONDS * 1000:
		problems.append("no end after %d s: %s" % [TIMEOUT_SECONDS, words])
		check()
	return false


func check() -> void:
	for character_name: String in words:
		if words[character_name].is_empty():
			problems.append("%s said nothing" % character_name)
		if words[character_name] != answers.get(character_name, ""):
			problems.append("%s: the words \"%s\" are not the answer \"%s\"" %
					[character_name, words[character_name], answers.get(character_name, "")])
	if states != PackedInt32Array([LlmEngine.STATE_READY]):
		problems.append("loaded came %d times" % states.size())
	if load_frames < 2:
		problems.append("only %d frames went by while the model was loaded" % load_frames)
	if frames_of_three < 20:
		problems.append("all three talked in %d frames only" % frames_of_three)
	intervals_ms.sort()
	var median_ms := intervals_ms[intervals_ms.size() / 2] if not intervals_ms.is_empty() else INF
	if median_ms > 100:
		problems.append("frames came every %.1f ms" % median_ms)
	if engine.get_model_name().is_empty() or engine.get_device_name().is_empty():
		problems.append("the model or the device has no name")
	Cast.end(self, "talk", problems, "%d frames while loading, %d while talking, %d with all three, median %.1f ms, longest update %.1f ms" %
			[load_frames, talk_frames, frames_of_three, median_ms, longest_update_ms])
