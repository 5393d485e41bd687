extends SceneTree
## Loads a scene ten times again.


func _initialize() -> void:
	change_scene_to_file("res://room.tscn")
