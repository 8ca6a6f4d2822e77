import { render } from 'preact';
import { App } from './app.tsx';
import './style/font.css';
import './style/theme.css';
import './style/layout.css';
import './style/choices.css';
import './style/code.css';
import './style/lights.css';
import './style/question.css';
import './style/receipt.css';
import './style/symbols.css';

const place = document.getElementById('display');
if (place) render(<App />, place);
