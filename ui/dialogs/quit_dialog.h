// What to do with agents that run when the person quits. Not a nested loop: the answer comes by call. GUI
// thread.
#pragma once

#include <cstdint>
#include <functional>

class QWidget;

namespace muster {

enum class QuitChoice : std::uint8_t { KeepInBackground, WaitForThem, StopThem };

// `canKeep`: there is a background node that goes on by itself. Nothing is called if the person thinks
// better.
void askAboutRunning(QWidget *window, int running, bool canKeep, std::function<void(QuitChoice)> chosen);

} // namespace muster
