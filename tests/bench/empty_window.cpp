// The reference of bench_window: the least that a Qt window with six docks is. Says when it has been painted.
#include <QApplication>
#include <QDockWidget>
#include <QListWidget>
#include <QMainWindow>
#include <QMenuBar>
#include <QStatusBar>

#include <cstdio>

namespace {

class PaintedList final : public QListWidget {
protected:
    void paintEvent(QPaintEvent *event) override
    {
        QListWidget::paintEvent(event);
        if (!m_told) {
            m_told = true;
            std::fputs("painted\n", stderr);
        }
    }

private:
    bool m_told = false;
};

} // namespace

int main(int argc, char **argv)
{
    const QApplication application(argc, argv);
    QMainWindow window;
    window.menuBar()->addMenu(QStringLiteral("Menu"));
    window.statusBar()->showMessage(QStringLiteral("Ready"));
    const std::array areas{Qt::LeftDockWidgetArea,  Qt::LeftDockWidgetArea,   Qt::RightDockWidgetArea,
                           Qt::RightDockWidgetArea, Qt::BottomDockWidgetArea, Qt::BottomDockWidgetArea};
    for (size_t i = 0; i < areas.size(); ++i) {
        auto *dock = new QDockWidget(QStringLiteral("Dock %1").arg(i), &window);
        auto *list = new PaintedList;
        for (int row = 0; row < 20; ++row)
            list->addItem(QStringLiteral("row %1").arg(row));
        dock->setWidget(list);
        window.addDockWidget(areas.at(i), dock);
    }
    window.resize(1200, 800);
    window.show();
    return QApplication::exec();
}
