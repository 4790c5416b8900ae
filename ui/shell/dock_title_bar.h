// DockTitleBar: a dock's quiet head with its name and buttons to float and to close. GUI thread.
#pragma once

#include <QWidget>

class QDockWidget;

namespace muster {

class DockTitleBar final : public QWidget {
    Q_OBJECT

public:
    DockTitleBar(QDockWidget *dock, const QString &icon);

    // Where the dock's name stands on a tab already.
    void setCollapsed(bool collapsed);
};

} // namespace muster
