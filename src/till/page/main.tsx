import { render } from 'preact';
import { App } from './app.tsx';
import './style/font.css';
import './style/theme.css';
import './style/base.css';
import './style/layout.css';
import './style/shelf.css';
import './style/basket.css';
import './style/sales.css';
import './style/messages.css';

const place = document.getElementById('till');
if (place) render(<App />, place);
