// LayoutStore: where each dock is, per project, and the four named layouts. A stored layout carries a
// version; one of another version is not used, so a change of the docks never leaves a broken window. GUI
// thread.
#pragma once

#include <QHash>
#include <QObject>
#include <QSizeF>
#include <QStringList>
#include <QTimer>

class QDockWidget;
class QMainWindow;

namespace muster {

class DockRegistry;
class WindowSettings;

// Raise when docks are renamed or their areas change their meaning.
inline constexpr int layoutVersion = 1;

struct NamedLayout {
    QString id;    // chat | flow | review | debug
    QString title; // for people
    QString help;
};

[[nodiscard]] QList<NamedLayout> namedLayouts();

class LayoutStore final : public QObject {
    Q_OBJECT

public:
    LayoutStore(QMainWindow *window, DockRegistry *docks, WindowSettings *settings);

    // Brings back what this project looked like, or the Flow layout the first time. An empty path is the
    // start page, which has no docks.
    void openFor(const QString &projectPath);
    void apply(const QString &namedLayoutId);
    // Forgets what is stored for this project and shows the Flow layout.
    void reset();
    void saveNow();

    bool eventFilter(QObject *watched, QEvent *event) override;

    // Docks of one area of the window: the first is in front, the others are tabs behind it.
    struct Area {
        Qt::DockWidgetArea area = Qt::NoDockWidgetArea;
        QStringList docks;
        int share = 0; // of the window, in percent of its width or height
    };

private:
    [[nodiscard]] QString key(const QString &what) const;
    void arrange(const QString &namedLayoutId);
    void showArea(const Area &area);
    void shareAs(const QList<Area> &areas);
    void loadShares();
    void recordShares();
    void recordMoved();
    void applyShares();
    [[nodiscard]] QSizeF shareOf(QDockWidget *dock) const;
    void setShare(QDockWidget *dock, QSizeF share);
    [[nodiscard]] QList<QDockWidget *> inSight() const;

    QMainWindow *m_window;
    DockRegistry *m_docks;
    WindowSettings *m_settings;
    QString m_project;
    // Of the window's width and height, as the layout or the person wants them. A window too small for them
    // squeezes the docks and changes nothing here.
    QHash<QString, QSizeF> m_shares;
    QHash<QDockWidget *, QSize> m_beforeMove; // while a separator is held
    QTimer m_saveSoon;
    QTimer m_shareSoon;
    QTimer m_recordSoon;
    bool m_applying = false;
};

} // namespace muster
