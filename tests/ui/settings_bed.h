// The settings dialog against a node, and finding what is in it by its name.
#pragma once

#include "core/viewmodel/node_feed.h"
#include "ui/dialogs/settings_dialog.h"
#include "ui/widgets/list_view.h"

#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QTest>

#include <memory>

namespace muster::testing {

template <typename W> [[nodiscard]] W *namedIn(const QWidget *parent, const QString &name)
{
    const auto all = parent->findChildren<W *>();
    const auto found = std::ranges::find(all, name, &QWidget::accessibleName);
    return found == all.end() ? nullptr : *found;
}

// The one that is shown, if any is.
[[nodiscard]] inline QPushButton *buttonIn(const QWidget *parent, const QString &text)
{
    QPushButton *found = nullptr;
    const auto all = parent->findChildren<QPushButton *>();
    for (QPushButton *button : all) {
        if (QString(button->text()).remove(u'&') == text && (!found || button->isVisible()))
            found = button;
    }
    return found;
}

// The first label of that role that is shown.
[[nodiscard]] inline QString shownIn(const QWidget *parent, const QString &role)
{
    const auto labels = parent->findChildren<QLabel *>();
    const auto found = std::ranges::find_if(labels, [&](const QLabel *label) {
        return label->property("role").toString() == role && label->isVisible() && label->wordWrap();
    });
    return found == labels.end() ? QString() : (*found)->text();
}

// Each by its accessible name or its text; labels may be selected by keyboard without being controls.
[[nodiscard]] inline QStringList namelessControls(const QWidget *window)
{
    QStringList out;
    const auto widgets = window->findChildren<QWidget *>();
    for (const QWidget *widget : widgets) {
        if (widget->window() != window || !(widget->focusPolicy() & Qt::TabFocus) || widget->isHidden() ||
            widget->objectName().startsWith(QStringLiteral("qt_")) || qobject_cast<const QLabel *>(widget))
            continue;
        const auto *button = qobject_cast<const QPushButton *>(widget);
        if (widget->accessibleName().isEmpty() && (!button || button->text().isEmpty()))
            out += QString::fromLatin1(widget->metaObject()->className());
    }
    return out;
}

class SettingsBed {
public:
    enum Page : std::uint8_t { Providers, Keys, Permissions };

    SettingsBed(api::NodeApi &node, Page page)
        : m_feed(&node)
        , m_dialog(new SettingsDialog(&m_feed))
    {
        m_dialog->show();
        if (!QTest::qWaitForWindowExposed(m_dialog))
            qFatal("the settings did not open");
        auto *pages = namedIn<ListView>(m_dialog, QStringLiteral("Pages"));
        pages->setCurrentIndex(pages->model()->index(page, 0));
    }
    ~SettingsBed() { delete m_dialog; }
    Q_DISABLE_COPY_MOVE(SettingsBed)

    [[nodiscard]] SettingsDialog &dialog() const { return *m_dialog; }
    [[nodiscard]] ListView *list(const QString &name) const { return namedIn<ListView>(m_dialog, name); }
    [[nodiscard]] QPushButton *button(const QString &text) const { return buttonIn(m_dialog, text); }
    // Its shortcuts work again after another one was over it.
    void activate() const
    {
        m_dialog->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_dialog));
    }
    // The dialog that was opened last over this one.
    template <typename D> [[nodiscard]] D *over() const
    {
        const auto all = m_dialog->findChildren<D *>();
        for (D *dialog : all) {
            if (dialog->isVisible())
                return dialog;
        }
        return nullptr;
    }

private:
    NodeFeed m_feed;
    QPointer<SettingsDialog> m_dialog; // deletes itself when closed
};

} // namespace muster::testing
