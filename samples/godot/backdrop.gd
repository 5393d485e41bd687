extends Node2D
## The quay: sky, sea, three houses and the stones in front of them.

const WALL := Color(0.88, 0.83, 0.74)
const ROOF := Color(0.5, 0.3, 0.26)


func _draw() -> void:
	draw_rect(Rect2(0, 0, 1152, 330), Color(0.72, 0.82, 0.87))
	draw_circle(Vector2(930, 120), 46, Color(0.98, 0.93, 0.78))
	draw_rect(Rect2(0, 300, 1152, 90), Color(0.32, 0.5, 0.6))
	for i in 14:
		draw_line(Vector2(i * 90 - 20, 330 + (i % 3) * 18), Vector2(i * 90 + 30, 330 + (i % 3) * 18), Color(1, 1, 1, 0.25), 2)
	draw_rect(Rect2(0, 380, 1152, 268), Color(0.62, 0.6, 0.55))
	for i in 40:
		var stone := Vector2((i * 197) % 1152, 410 + (i * 83) % 220)
		draw_rect(Rect2(stone, Vector2(46, 14)), Color(0.56, 0.54, 0.5))
	draw_house(Vector2(90, 390), 190)
	draw_house(Vector2(480, 372), 170)
	draw_house(Vector2(850, 390), 210)


func draw_house(corner: Vector2, width: float) -> void:
	var height := width * 0.72
	draw_rect(Rect2(corner - Vector2(0, height), Vector2(width, height)), WALL)
	draw_colored_polygon([corner + Vector2(-16, -height), corner + Vector2(width / 2, -height - width * 0.45),
			corner + Vector2(width + 16, -height)], ROOF)
	for i in 2:
		var window := corner + Vector2(width * (0.14 + 0.48 * i), -height * 0.78)
		draw_rect(Rect2(window, Vector2(width * 0.22, height * 0.3)), Color(0.97, 0.85, 0.55))
	draw_rect(Rect2(corner + Vector2(width * 0.4, -height * 0.36), Vector2(width * 0.2, height * 0.36)), Color(0.35, 0.25, 0.2))
