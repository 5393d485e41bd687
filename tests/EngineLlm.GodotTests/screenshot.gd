extends SceneTree
## Opens the sample, asks everyone, and takes a picture while all three talk: -s screenshot.gd -- FILE [QUESTION]

var village: Node
var frames := 0
var words := 0


func _initialize() -> void:
	await process_frame
	change_scene_to_file("res://village.tscn")
	await process_frame
	await process_frame
	village = current_scene
	village.engine.failed.connect(func(_message: String) -> void: quit(1))
	await village.engine.loaded
	var arguments := OS.get_cmdline_user_args()
	for villager: Node in village.get_node("Villagers").get_children():
		villager.npc.word.connect(func(_text: String) -> void: words += 1)
	village.words.text = arguments[1] if arguments.size() > 1 else "Good morning! Who are you?"
	village._on_words(village.words.text)


func _process(_delta: float) -> bool:
	if village == null or not all_talk():
		return false
	take()
	village = null
	return false


func all_talk() -> bool:
	var villagers := village.get_node("Villagers").get_children()
	return villagers.all(func(villager: Node) -> bool: return villager.npc.get_answer().length() > 40 or ended(villager))


func ended(villager: Node) -> bool:
	return not villager.npc.is_talking() and villager.npc.get_answer().length() > 0


func take() -> void:
	await RenderingServer.frame_post_draw
	var image := root.get_texture().get_image()
	var error := image.save_png(OS.get_cmdline_user_args()[0])
	print("PASSED picture with %s, %d words" % [RenderingServer.get_video_adapter_name(), words])
	quit(error)
