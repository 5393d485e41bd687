extends Control
## The newest frames as bars, and what the characters' update took of each.

const FRAMES := 130
## What the height of the graph may stand for, in milliseconds.
const SCALES: Array[float] = [20, 40, 80, 160, 320]

var engine: LlmEngine

var frames_ms := PackedFloat32Array()
var updates_ms := PackedFloat32Array()


func _process(delta: float) -> void:
	frames_ms.append(delta * 1000)
	var statistics := engine.get_statistics() if engine else {}
	updates_ms.append(statistics.get("update_ms", 0.0))
	if frames_ms.size() > FRAMES:
		frames_ms.remove_at(0)
		updates_ms.remove_at(0)
	queue_redraw()


func _draw() -> void:
	draw_rect(Rect2(Vector2.ZERO, size), Color(0.1, 0.12, 0.15, 0.75))
	var bar := size.x / FRAMES
	var full := full_ms()
	for i in frames_ms.size():
		var frame := minf(frames_ms[i] / full, 1) * size.y
		var update := minf(updates_ms[i] / full, 1) * size.y
		draw_rect(Rect2(i * bar, size.y - frame, bar, frame), Color(0.45, 0.75, 0.9))
		draw_rect(Rect2(i * bar, size.y - update, bar, update), Color(0.98, 0.7, 0.3))
	var line := size.y * (1 - 1000.0 / 60 / full)
	draw_line(Vector2(0, line), Vector2(size.x, line), Color(1, 1, 1, 0.5))
	var newest := frames_ms[-1] if not frames_ms.is_empty() else 0.0
	var update_ms := updates_ms[-1] if not updates_ms.is_empty() else 0.0
	draw_string(ThemeDB.fallback_font, Vector2(8, 18), "frame %.1f ms, talk %.2f ms of it" % [newest, update_ms],
			HORIZONTAL_ALIGNMENT_LEFT, -1, 13)


func full_ms() -> float:
	for scale_ms in SCALES:
		if Array(frames_ms).all(func(frame_ms: float) -> bool: return frame_ms < scale_ms):
			return scale_ms
	return SCALES[-1]
