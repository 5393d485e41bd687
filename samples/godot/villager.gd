class_name Villager
extends Node2D
## Somebody who answers in a bubble, word by word.

signal clicked(villager: Villager)

@export var persona: LlmPersona
@export var coat := Color.GRAY

@onready var npc: LlmNpc = $LlmNpc
@onready var bubble: PanelContainer = $Bubble
@onready var words: Label = $Bubble/Words

var is_chosen := false:
	set(value):
		is_chosen = value
		queue_redraw()


func _ready() -> void:
	npc.persona = persona
	npc.word.connect(_on_word)
	npc.failed.connect(func(message: String) -> void: show_words(message))
	$CharacterName.text = persona.character_name
	$Click.gui_input.connect(_on_click)
	if not persona.greeting.is_empty():
		show_words(persona.greeting)


## Has the persona computed while the player is still on the way.
func prepare() -> void:
	npc.prepare()


func say(text: String) -> void:
	show_words("...")
	npc.say(text)


func show_words(text: String) -> void:
	words.text = text
	bubble.visible = true
	# The bubble grows upwards and shrinks again.
	bubble.reset_size()
	bubble.position.y = -125 - bubble.size.y


func _on_word(_text: String) -> void:
	show_words(npc.get_answer())


func _on_click(event: InputEvent) -> void:
	if event is InputEventMouseButton and event.pressed:
		clicked.emit(self)


func _draw() -> void:
	if is_chosen:
		draw_circle(Vector2(0, 42), 46, Color(1, 1, 1, 0.35))
	draw_colored_polygon([Vector2(-34, 42), Vector2(-20, -36), Vector2(20, -36), Vector2(34, 42)], coat)
	draw_rect(Rect2(-24, 0, 48, 6), coat.darkened(0.35))
	draw_circle(Vector2(0, -58), 25, Color(0.93, 0.78, 0.65))
	draw_circle(Vector2(-9, -60), 3, Color(0.15, 0.12, 0.1))
	draw_circle(Vector2(9, -60), 3, Color(0.15, 0.12, 0.1))
	draw_arc(Vector2(0, -54), 9, 0.4, PI - 0.4, 12, Color(0.5, 0.25, 0.2), 2)
	draw_colored_polygon([Vector2(-28, -68), Vector2(0, -98), Vector2(28, -68)], coat.darkened(0.2))
