// What to do with agents that run, and with programs in terminals, when the person quits or closes one. Not a
// nested loop: the answer comes by call. GUI thread.
#pragma once

#include <QStringList>

#include <cstdint>
#include <functional>

class QDialog;
class QWidget;

namespace muster {

enum class QuitChoice : std::uint8_t { KeepInBackground, WaitForThem, StopThem };

// `canKeep`: there is a background node that goes on by itself. Nothing is called if the person thinks
// better. The dialog deletes itself when it is closed.
QDialog *askAboutRunning(QWidget *window, int running, bool canKeep, std::function<void(QuitChoice)> chosen);
// `programs` would end with the terminals that they run in.
QDialog *askAboutTerminals(QWidget *window, const QStringList &programs, std::function<void()> end);
// Flows that were changed and not saved. `go(true)`: save them first; `go(false)`: they stay drafts.
QDialog *askAboutUnsaved(QWidget *window, const QStringList &flows, std::function<void(bool save)> go);
// The same as for terminals for the one that is closed.
QDialog *askAboutTerminal(QWidget *terminal, const QStringList &programs, std::function<void()> end);

} // namespace muster
