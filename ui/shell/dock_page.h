// DockPage: what a dock shows. It is made when the dock is first seen, and works only while it is seen: it
// subscribes in activate() and lets go in deactivate(). GUI thread.
#pragma once

#include <QStringList>
#include <QWidget>

#include <functional>

namespace muster {

class DockPage : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    virtual void activate() {}
    virtual void deactivate() {}
    // Where the keyboard goes when the dock is opened.
    [[nodiscard]] virtual QWidget *focusTarget() { return this; }
    // Programs of the person that would end with the window, by name: a close asks first.
    [[nodiscard]] virtual QStringList endsWithWindow() const { return {}; }
    // What was changed and not saved, by name: a close asks first. It is kept as a draft in any case.
    [[nodiscard]] virtual QStringList unsaved() const { return {}; }
    // `done` once it is saved; never where it cannot be, which the page then tells.
    virtual void saveThen(const std::function<void()> &done) { done(); }
};

} // namespace muster
